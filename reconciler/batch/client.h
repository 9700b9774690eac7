// The Batch service of one account as typed calls.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "reconciler/batch/list_rows.h"
#include "reconciler/batch/page_memory.h"
#include "reconciler/core/credential.h"
#include "reconciler/core/pool.h"
#include "reconciler/core/ports.h"
#include "reconciler/core/result.h"
#include "reconciler/core/secret.h"

namespace reconciler::batch {

struct AccountEndpoint {
  std::string account;
  Endpoint endpoint;  // the pinned host: nothing is ever signed for another
  std::string api_version = "2025-06-01";
  int requests_in_flight = 8;
};

struct ListReport {
  std::size_t items = 0;
  std::size_t pages = 0;
};

/// One mutation. It goes out once at most.
struct Write {
  enum class Kind {
    kCreate,
    kPatch,
    kUpdateProperties,
    kResize,
    kStopResize,
    kEnableAutoScale,
    kDisableAutoScale,
    kAddNodeUser,      // these three take no condition, and change nothing of the pool
    kReplaceNodeUser,  // all but isAdmin; what is left out of the body is removed
    kDeleteNodeUser,
  };
  Kind kind = Kind::kPatch;
  std::string pool_id;
  std::string if_match{};  // an ETag; empty: unconditional. Not for create, updateproperties and
                           // disableautoscale, which take no condition
  std::string body{};      // JSON; may hold secrets, so nobody logs it
  std::string node_id{};   // of the calls for users of nodes
  std::string user{};      // the name, as the body of kAddNodeUser has it, too
};

struct WriteAnswer {
  std::string etag;  // empty where the service sends none
  std::string request_id;
  int status = 0;
};

/// For one thread at a time. Errors carry "account '...': <call>" in front, the class of ErrorOf
/// and, for text that is not what the service writes, kTransient.
class Client {
 public:
  /// References outlive the client.
  Client(AccountEndpoint account, Credential& credential, HttpTransport& transport, Clock& clock,
         Random& random);

  /// Reads that follow end at this time of the clock; zero: at none.
  void SetReadDeadline(Tick deadline) { read_deadline_ = deadline; }

  // Reads are tried three times when nothing, or a 5xx, came back, as long as no more than 60 s
  // have passed. A list is complete or an error:
  // what was visited before an error counts for nothing.

  /// The text of one row of a list, a view that lives as long as the call.
  using RowVisitor = std::function<Status(std::string_view row)>;

  struct PoolsAndCounts {
    Result<ListReport> pools;
    Result<ListReport> counts;  // an error where `pools` is one
  };
  /// The pages of both lists as they came last; kept by who calls again and again.
  struct ListMemory {
    PageMemory pools;
    PageMemory counts;
  };
  /// All pools, then all node counts, as text, for who knows most rows from an earlier look; the
  /// first page of both is asked for at once. ParsePool and ParseNodeCounts make rows of the text.
  /// That no pool comes twice is the caller's to check.
  PoolsAndCounts ListPoolsAndCounts(ListMemory& memory, const MarkedRowVisitor& pool,
                                    const MarkedRowVisitor& counts, std::stop_token stop);
  /// Errors: kTransient, for text that is no JSON or no such row.
  static Result<LivePool> ParsePool(std::string_view row);
  static Result<NodeCounts> ParseNodeCounts(std::string_view row);

  /// All pools, or those that an OData filter names; each is handed over once and then dropped.
  /// A pool that comes twice is an error: the list changed while it was read.
  Result<ListReport> ListPools(const std::function<Status(LivePool)>& visit,
                               std::string_view filter, std::stop_token stop);
  Result<std::vector<SupportedImage>> ListSupportedImages(std::stop_token stop);
  /// Those with packages that nodes can get. Source: Batch REST, "Applications - List
  /// Applications".
  Result<std::vector<Application>> ListApplications(std::stop_token stop);
  Result<std::vector<NodeSummary>> ListNodes(const std::string& pool_id, std::stop_token stop);
  /// In the order of the ids; the first pages of all pools as many at once as the account allows.
  std::vector<Result<std::vector<NodeSummary>>> ListNodesOf(
      const std::vector<std::string>& pool_ids, std::stop_token stop);

  struct NodeName {
    std::string pool_id;
    std::string node_id;
  };
  /// In the order of the nodes, as many at once as the account allows. nullopt: the node, or its
  /// pool, is gone. Errors: also where a pool has no endpoint for logins.
  /// Source: Batch REST, "Nodes - Get Remote Login Settings".
  std::vector<Result<std::optional<RemoteLogin>>> GetRemoteLogins(
      const std::vector<NodeName>& nodes, std::stop_token stop);

  /// nullopt: the service says PoolNotFound; another 404 is an error.
  Result<std::optional<LivePool>> GetPool(const std::string& pool_id, std::stop_token stop);
  /// In the order of the ids, as many at once as the account allows.
  std::vector<Result<std::optional<LivePool>>> GetPools(const std::vector<std::string>& pool_ids,
                                                        std::stop_token stop);

  /// Answers in the order of the writes. Once the service throttles the account, what was not sent
  /// is not sent: kThrottled with status 0. `deadline`: zero is none; what it cuts off is kNotSent
  /// or kUnknownOutcome, and under a stop kCancelled or kUnknownOutcome.
  std::vector<Result<WriteAnswer>> Send(std::vector<Write> writes, Tick deadline,
                                        std::stop_token stop);

 private:
  struct Read {
    std::string target;
    std::string what;  // "get pool 'p1'"
  };
  struct List {
    std::string target;
    std::string what;  // "list pools"
  };

  // client.cc
  HttpRequest Build(std::string method, std::string target, std::string body,
                    std::string_view if_match);
  std::string What(std::string_view what) const;
  std::string Target(std::string path) const;
  std::vector<Result<HttpAnswer>> SendReads(const std::vector<Read>& reads,
                                            const std::stop_token& stop);
  /// False: nobody could sign in, and nothing was sent.
  bool SendReadsOnce(const std::vector<Read>& reads, const std::vector<std::size_t>& chosen,
                     std::vector<Result<HttpAnswer>>& results, const std::stop_token& stop);
  bool WaitBeforeTry(int tried, const std::stop_token& stop);
  Result<ListReport> ReadList(const List& list, const RowVisitor& visit,
                              const std::stop_token& stop);
  template <class T>
  Result<std::vector<T>> ReadRows(const List& list, Result<T> (*read)(const Value&),
                                  const std::stop_token& stop);
  /// Takes a page apart and visits its rows; `page` counts from 0. `row_failed`: set where the
  /// error is a row's and not the page's.
  using PageReader = std::function<Result<JsonListTail>(std::string_view body, std::size_t page,
                                                        bool& row_failed)>;
  Result<ListReport> ReadListFrom(Result<HttpAnswer> first_page, const List& list,
                                  const PageReader& read, const std::stop_token& stop);
  Result<std::optional<LivePool>> ToPool(const std::string& pool_id, Result<HttpAnswer> answer);

  // client_nodes.cc
  Result<std::optional<RemoteLogin>> ToRemoteLogin(const NodeName& node, Result<HttpAnswer> answer);

  // client_writes.cc
  std::optional<Error> Objection(const Write& write) const;
  HttpRequest BuildWrite(Write write);
  static Error NotSent(Error error, const std::string& what);
  Result<WriteAnswer> ToWriteAnswer(const HttpAnswer& answer, const std::string& what,
                                    std::string client_request_id, bool stopped);
  void SendSlice(std::vector<Write>& writes, std::size_t first, std::size_t last, Tick deadline,
                 const std::stop_token& stop, std::vector<Result<WriteAnswer>>& answers);

  AccountEndpoint account_;
  Credential& credential_;
  HttpTransport& transport_;
  Clock& clock_;
  Random& random_;
  Tick read_deadline_{};
};

}  // namespace reconciler::batch
