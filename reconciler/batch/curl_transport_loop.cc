#include "reconciler/batch/curl_transport_loop.h"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <utility>

namespace reconciler::batch {
namespace {

constexpr int kIdleSteps = 15;
// Exchanges of one call that found no connection, in a row, until the rest is not tried: a host
// that is down would cost 500 requests many minutes.
constexpr int kUnreachableMax = 3;
// More idle connections than this are closed, the oldest first.
constexpr long kConnectionsKept = 128;
constexpr const char* kWithdrawn = "withdrawn before an answer came";

/// Signals belong to the main thread; threads inherit the mask of the one that starts them.
class AllSignalsBlocked {
 public:
  AllSignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~AllSignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  AllSignalsBlocked(const AllSignalsBlocked&) = delete;
  AllSignalsBlocked& operator=(const AllSignalsBlocked&) = delete;

 private:
  sigset_t before_{};
};

}  // namespace

CurlLoop::CurlLoop(TransportOptions options)
    : first_options_(std::move(options)),
      configured_(std::make_shared<const TransportOptions>(first_options_)) {}

Result<std::unique_ptr<CurlLoop>> CurlLoop::Create(TransportOptions options) {
  std::unique_ptr<CurlLoop> loop(new CurlLoop(std::move(options)));
  loop->multi_ = curl_multi_init();
  if (loop->multi_ == nullptr || !loop->poller_.ok()) {
    return Error{ErrorKind::kTerminal, "the system has no descriptors left for the I/O thread"};
  }
  curl_multi_setopt(loop->multi_, CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
  curl_multi_setopt(loop->multi_, CURLMOPT_MAXCONNECTS, kConnectionsKept);
  curl_multi_setopt(loop->multi_, CURLMOPT_SOCKETFUNCTION, &CurlLoop::OnSocket);
  curl_multi_setopt(loop->multi_, CURLMOPT_SOCKETDATA, loop.get());
  curl_multi_setopt(loop->multi_, CURLMOPT_TIMERFUNCTION, &CurlLoop::OnTimer);
  curl_multi_setopt(loop->multi_, CURLMOPT_TIMERDATA, loop.get());
  const AllSignalsBlocked blocked;
  loop->thread_ = std::thread([raw = loop.get()] { raw->Main(); });
  return loop;
}

CurlLoop::~CurlLoop() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  poller_.Wake();
  if (thread_.joinable()) thread_.join();
  exchanges_.clear();
  if (multi_ != nullptr) curl_multi_cleanup(multi_);
  for (auto& [url, host] : hosts_) curl_share_cleanup(host.share);
}

void CurlLoop::Run(CurlCall& call, std::optional<Tick> remaining, const std::stop_token& stop) {
  if (!Submit(call, stop)) {
    for (HttpAnswer& answer : call.answers) answer.detail = kWithdrawn;
    return;
  }
  // Destroyed before this returns, and outside the lock: its destructor waits for the callback.
  const std::stop_callback on_stop(stop, [this, &call] { AskWithdraw(call); });
  AwaitEnd(call, remaining);
}

void CurlLoop::Configure(TransportOptions options) {
  auto fresh = std::make_shared<const TransportOptions>(std::move(options));
  const std::lock_guard lock(mutex_);
  configured_ = std::move(fresh);
}

bool CurlLoop::Submit(CurlCall& call, const std::stop_token& stop) {
  {
    const std::lock_guard lock(mutex_);
    // Under the lock, so that a stop is seen either here or by the callback.
    if (ending_ || stop.stop_requested()) return false;
    submitted_.push_back(&call);
  }
  poller_.Wake();
  return true;
}

void CurlLoop::AskWithdraw(CurlCall& call) {
  {
    const std::lock_guard lock(mutex_);
    if (call.finished || call.withdraw_asked) return;
    call.withdraw_asked = true;
    withdrawn_.push_back(&call);
  }
  poller_.Wake();
}

void CurlLoop::AwaitEnd(CurlCall& call, std::optional<Tick> remaining) {
  const auto finished = [&call] { return call.finished; };
  {
    std::unique_lock lock(mutex_);
    if (!remaining) {
      call.ended.wait(lock, finished);
      return;
    }
    if (call.ended.wait_for(lock, *remaining, finished)) return;
  }
  AskWithdraw(call);
  std::unique_lock lock(mutex_);
  call.ended.wait(lock, finished);
}

void CurlLoop::Main() {
  Poller::Round round;
  while (TakeAsked()) {
    FinishCalls();
    StartWhatFits();
    FinishCalls();  // requests that could not even be started
    KeepTicking();
    poller_.Wait(round);
    HandleReady(round);
    TakeFinished();
    if (round.tick) GiveUpOnIdle();
  }
}

/// False once the transport is being destroyed.
bool CurlLoop::TakeAsked() {
  std::vector<CurlCall*> withdrawn;
  {
    const std::lock_guard lock(mutex_);
    active_.insert(active_.end(), submitted_.begin(), submitted_.end());
    submitted_.clear();
    withdrawn.swap(withdrawn_);
    options_ = configured_;
    if (ending_) return false;
  }
  // None of them can have finished meanwhile: only this thread finishes calls.
  for (CurlCall* call : withdrawn) Withdraw(*call);
  return true;
}

void CurlLoop::StartWhatFits() {
  bool started = true;
  while (started) {
    started = false;
    for (CurlCall* call : active_) {
      if (!MayStart(*call)) continue;
      StartNext(*call);
      started = true;
    }
  }
  if (active_.size() > 1) std::rotate(active_.begin(), active_.begin() + 1, active_.end());
}

bool CurlLoop::MayStart(const CurlCall& call) {
  if (call.next >= call.requests.size()) return false;
  if (call.in_flight > 0 &&
      (call.in_flight >= call.limits.in_flight_max ||
       exchanges_.size() >= static_cast<std::size_t>(first_options_.in_flight_max))) {
    return false;
  }
  // A host without a connection gets one request first: each cold look-up costs a thread, and the
  // TLS session of the first saves the others most of their handshake.
  const CurlHost& host = HostOf(call.endpoint);
  return host.connected || host.in_flight == 0;
}

void CurlLoop::StartNext(CurlCall& call) {
  CurlHost& host = HostOf(call.endpoint);
  auto exchange = std::make_unique<CurlExchange>(call, call.next++, host, options_);
  CurlExchange& started = *exchange;
  std::string problem = started.Prepare();
  if (problem.empty() && curl_multi_add_handle(multi_, started.easy()) != CURLM_OK) {
    problem = "libcurl refused the request";
  }
  if (!problem.empty()) {
    call.answers[started.index()] = started.Abandon(problem);
    ++call.done;
    return;
  }
  ++call.in_flight;
  ++host.in_flight;
  exchanges_.emplace(started.easy(), std::move(exchange));
}

void CurlLoop::HandleReady(const Poller::Round& round) {
  int running = 0;
  for (int i = 0; i < round.count; ++i) {
    const Poller::Ready& ready = round.sockets[i];
    const int what = (ready.readable ? CURL_CSELECT_IN : 0) |
                     (ready.writable ? CURL_CSELECT_OUT : 0) |
                     (ready.failed ? CURL_CSELECT_ERR : 0);
    curl_multi_socket_action(multi_, ready.fd, what, &running);
  }
  if (round.timeout) curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &running);
}

void CurlLoop::TakeFinished() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;  // the message dies with the handle
    const auto found = exchanges_.find(message->easy_handle);
    if (found == exchanges_.end()) continue;
    CurlExchange& exchange = *found->second;
    curl_multi_remove_handle(multi_, exchange.easy());
    Settle(exchange, exchange.Finish(code));
  }
}

/// Fills in the answer and forgets the exchange, whose handle has left the multi handle.
void CurlLoop::Settle(CurlExchange& exchange, HttpAnswer answer) {
  CurlCall& call = exchange.call();
  CurlHost& host = exchange.host();
  call.unreachable_in_row = exchange.sent() ? 0 : call.unreachable_in_row + 1;
  const bool down = call.unreachable_in_row >= kUnreachableMax;
  const HttpAnswer last = down ? answer : HttpAnswer{};
  call.answers[exchange.index()] = std::move(answer);
  ++call.done;
  if (call.limits.on_answer) call.limits.on_answer();
  --call.in_flight;
  if (--host.in_flight == 0) host.connected = false;
  exchanges_.erase(exchange.easy());
  if (down) WithdrawRest(call, last);
}

/// Answers what was not started.
void CurlLoop::WithdrawRest(CurlCall& call, const HttpAnswer& why) {
  for (; call.next < call.requests.size(); ++call.next, ++call.done) {
    call.answers[call.next].detail = why.detail;
    call.answers[call.next].failed_at = why.failed_at;
  }
}

void CurlLoop::Withdraw(CurlCall& call) {
  HttpAnswer withdrawn;
  withdrawn.detail = kWithdrawn;
  WithdrawRest(call, withdrawn);
  std::vector<CurlExchange*> in_flight;
  for (const auto& [easy, exchange] : exchanges_) {
    if (&exchange->call() == &call) in_flight.push_back(exchange.get());
  }
  for (CurlExchange* exchange : in_flight) {
    curl_multi_remove_handle(multi_, exchange->easy());
    Settle(*exchange, exchange->Abandon(kWithdrawn));
  }
}

void CurlLoop::FinishCalls() {
  const auto ended = [](const CurlCall* call) { return call->done == call->requests.size(); };
  if (std::none_of(active_.begin(), active_.end(), ended)) return;
  const std::lock_guard lock(mutex_);
  for (CurlCall*& call : active_) {
    if (!ended(call)) continue;
    std::erase(withdrawn_, call);
    call->finished = true;
    call->ended.notify_all();  // under the lock: the call dies as soon as its thread sees it
    call = nullptr;
  }
  std::erase(active_, nullptr);
}

/// The time a body may stand still is counted in steps, so that a slow first byte is not hit.
void CurlLoop::GiveUpOnIdle() {
  std::vector<CurlExchange*> still;
  for (const auto& [easy, exchange] : exchanges_) {
    if (exchange->StoodStill(kIdleSteps)) still.push_back(exchange.get());
  }
  for (CurlExchange* exchange : still) {
    curl_multi_remove_handle(multi_, exchange->easy());
    Settle(*exchange, exchange->Abandon("the answer began and then stood still"));
  }
}

CurlHost& CurlLoop::HostOf(const Endpoint& endpoint) {
  std::string url = BaseUrl(endpoint);
  const auto found = hosts_.find(url);
  if (found != hosts_.end()) return found->second;
  CurlHost& host = hosts_[url];
  host.base_url = std::move(url);
  host.share = curl_share_init();
  if (host.share != nullptr) {
    curl_share_setopt(host.share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
  }
  return host;
}

void CurlLoop::KeepTicking() {
  const bool wanted = !exchanges_.empty();
  if (wanted == ticking_) return;
  ticking_ = wanted;
  poller_.SetTicks(wanted ? std::optional(first_options_.idle_timeout / kIdleSteps) : std::nullopt);
}

int CurlLoop::OnSocket(CURL*, curl_socket_t fd, int what, void* self, void*) {
  Poller& poller = static_cast<CurlLoop*>(self)->poller_;
  if (what == CURL_POLL_REMOVE) {
    poller.Forget(fd);
    return 0;
  }
  const bool read = what == CURL_POLL_IN || what == CURL_POLL_INOUT;
  const bool write = what == CURL_POLL_OUT || what == CURL_POLL_INOUT;
  return poller.Watch(fd, read, write) ? 0 : -1;
}

int CurlLoop::OnTimer(CURLM*, long delay_ms, void* self) {
  auto& loop = *static_cast<CurlLoop*>(self);
  loop.poller_.SetTimeout(delay_ms < 0 ? std::nullopt
                                       : std::optional(std::chrono::milliseconds(delay_ms)));
  return 0;
}

}  // namespace reconciler::batch
