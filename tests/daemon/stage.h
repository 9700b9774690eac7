// The program and the emulator of the service on one machine, each a process, for one test.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "reconciler/batch/client.h"
#include "tests/daemon/process.h"
#include "tests/daemon/temp_folder.h"

namespace reconciler::daemon {

enum class Wire { kPlain, kTls };

/// An emulator of its own for one test, with a configuration, a key and specs beside it.
class Stage {
 public:
  /// kTls: the emulator speaks HTTPS, and ca.pem is what has to be trusted; the configuration does
  /// not say so.
  /// `more`: further options of the emulator.
  explicit Stage(const std::string& emulator_config = "", Wire wire = Wire::kPlain,
                 const std::vector<std::string>& more = {});

  /// `more`: further keys of the configuration, whole lines; `auth`: of the account.
  void WriteConfig(const std::string& more,
                   const std::string& auth = "sharedKey: {file: demo.key}") const;
  /// A pool of the guide's image; `more` is appended below `spec:` with two blanks of indent.
  void WritePool(const std::string& name, int nodes, const std::string& more = "") const;

  std::unique_ptr<Process> Start(std::vector<std::string> arguments) const;
  Outcome Run(std::vector<std::string> arguments) const;

  /// Asks `status --fresh` until it has the code that is wanted, for half a minute.
  bool BecomesReady() const;
  /// Somebody else's PATCH and resize, signed with the account's key.
  void PatchBehindOurBack(const std::string& pool, const std::string& body) const;
  void ResizeBehindOurBack(const std::string& pool, int nodes) const;

  const std::string& endpoint() const { return endpoint_; }
  const TempFolder& folder() const { return folder_; }

 private:
  void SendBehindOurBack(batch::Write write) const;

  TempFolder folder_;
  std::string key_;
  Process emulator_;
  std::string endpoint_;  // "http://127.0.0.1:9400"
};

}  // namespace reconciler::daemon
