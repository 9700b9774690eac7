// A stage whose secrets are marks, and the eye that looks for them in all that the program leaves.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/daemon/secret_marks.h"
#include "tests/daemon/stage.h"

namespace reconciler::daemon {

/// One pool, "marked", with a secret in each member that takes one.
class SecretStage : public Stage {
 public:
  explicit SecretStage(Wire wire, const std::string& emulator_config = "");
  ~SecretStage();
  SecretStage(const SecretStage&) = delete;
  SecretStage& operator=(const SecretStage&) = delete;

  /// Another edition of a secret of the pool; the old one stays one that must not be shown.
  void Plant(const SecretMark& mark, int edition);
  /// A secret in the file secrets/NAME that holds its mark and nothing else.
  void PlantOwn(const std::string& name);
  /// It is no secret any more.
  void Forget(std::string_view name);
  /// `auth` of the account, in place of its key.
  void SignInWith(const std::string& auth) const { WriteConfig(config_, auth); }
  /// What goes wrong from now on: rules of a fault plan, separated by commas.
  void SetFaults(const std::string& rules) const;

  /// Runs the program and searches all that it prints.
  Outcome Look(const std::vector<std::string>& arguments) const;
  void Search(const std::string& where, std::string_view text) const;
  /// All that lies in the folder but the secrets themselves.
  void SearchFiles() const;
  /// Searches the memory of a process until it holds the digest key and no other mark, for 20 s:
  /// those of a pool may be there while they are compared or sent.
  void SearchMemory(const Process& process) const;

 private:
  std::string config_;  // what stands in it beside the account
  std::vector<std::string> marks_;
};

}  // namespace reconciler::daemon
