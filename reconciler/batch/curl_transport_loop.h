// The I/O thread: one multi handle for every call of every account.
#pragma once

#include <curl/curl.h>

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "reconciler/batch/curl_transport.h"
#include "reconciler/batch/curl_transport_call.h"
#include "reconciler/batch/curl_transport_exchange.h"
#include "reconciler/batch/curl_transport_poller.h"

namespace reconciler::batch {

/// Pulls requests out of the calls as slots become free: it never holds more than what is in
/// flight. Calls take turns; what one call has queued does not stand before another's.
class CurlLoop {
 public:
  static Result<std::unique_ptr<CurlLoop>> Create(TransportOptions options);
  ~CurlLoop();
  CurlLoop(const CurlLoop&) = delete;
  CurlLoop& operator=(const CurlLoop&) = delete;

  /// Carries the call out and blocks until it is finished; `remaining` is the time to its deadline.
  void Run(CurlCall& call, std::optional<Tick> remaining, const std::stop_token& stop);
  /// What exchanges that start from now on go by.
  void Configure(TransportOptions options);

 private:
  explicit CurlLoop(TransportOptions options);

  // From the calling threads.
  bool Submit(CurlCall& call, const std::stop_token& stop);
  void AskWithdraw(CurlCall& call);
  void AwaitEnd(CurlCall& call, std::optional<Tick> remaining);

  // From the I/O thread alone.
  void Main();
  bool TakeAsked();
  void StartWhatFits();
  bool MayStart(const CurlCall& call);
  void StartNext(CurlCall& call);
  void HandleReady(const Poller::Round& round);
  void TakeFinished();
  void GiveUpOnIdle();
  void Settle(CurlExchange& exchange, HttpAnswer answer);
  void WithdrawRest(CurlCall& call, const HttpAnswer& why);
  void Withdraw(CurlCall& call);
  void FinishCalls();
  CurlHost& HostOf(const Endpoint& endpoint);
  void KeepTicking();

  static int OnSocket(CURL*, curl_socket_t fd, int what, void* self, void*);
  static int OnTimer(CURLM*, long delay_ms, void* self);

  const TransportOptions first_options_;  // limits of the loop itself
  Poller poller_;
  CURLM* multi_ = nullptr;

  // The I/O thread's.
  std::map<std::string, CurlHost> hosts_;
  std::vector<CurlCall*> active_;  // in their order of arrival, rotated at each round
  std::unordered_map<CURL*, std::unique_ptr<CurlExchange>> exchanges_;
  std::shared_ptr<const TransportOptions> options_;
  bool ticking_ = false;

  std::mutex mutex_;
  std::vector<CurlCall*> submitted_;                    // guarded by mutex_
  std::vector<CurlCall*> withdrawn_;                    // guarded by mutex_
  std::shared_ptr<const TransportOptions> configured_;  // guarded by mutex_
  bool ending_ = false;                                 // guarded by mutex_

  std::thread thread_;  // last: everything above outlives it
};

}  // namespace reconciler::batch
