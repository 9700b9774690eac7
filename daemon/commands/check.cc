// poolkeeper check
#include <fmt/format.h>

#include <iterator>
#include <memory>
#include <ostream>
#include <thread>
#include <utility>

#include "daemon/check_account.h"
#include "daemon/check_program.h"
#include "daemon/check_text.h"
#include "daemon/commands/command.h"
#include "daemon/exit_code.h"
#include "daemon/file_tree.h"
#include "daemon/own_daemon.h"
#include "daemon/session.h"
#include "daemon/spec_options.h"
#include "daemon/world.h"
#include "reconciler/core/json.h"
#include "reconciler/core/random.h"
#include "reconciler/spec/load.h"

namespace reconciler::daemon {
namespace {

SpecsLook LookAtSpecs(const Config& config, StateStore& state, bool for_service) {
  SpecsLook look;
  DiskFileTree tree(config.specs);
  if (for_service) look.service = TroubleWithSpecs(tree, tree.List());
  look.root = tree.Root();
  spec::SpecLoader loader(tree, state, LoadOptionsOf(config));
  auto loaded = loader.Load();
  look.last_good_problem = loader.last_good_problem();
  if (loaded) {
    look.snapshot = std::move(loaded).value();
  } else {
    look.problem = loaded.error().message;
  }
  return look;
}

SecretLook LookAtSecret(std::string name, const SecretLocation& location) {
  const auto secret = ReadSecret(location);
  return {std::move(name), secret ? "" : secret.error().message, location};
}

std::vector<SecretLook> LookAtSecrets(const SecretSettings& settings, bool for_service) {
  std::vector<SecretLook> looks;
  if (settings.digest_key) {
    looks.push_back(LookAtSecret("secretDigestKey", *settings.digest_key));
    if (for_service) looks.back().service = TroubleWithSecret(*settings.digest_key, "digest-key");
  }
  for (const auto& [name, location] : settings.secrets) {
    looks.push_back(LookAtSecret("secrets." + name, location));
    if (for_service) looks.back().service = TroubleWithSecret(location, name);
  }
  return looks;
}

DaemonLook LookAtDaemon(const CommandContext& context) {
  const OwnDaemon daemon(context.options.config_file, context.options.account);
  DaemonLook look;
  look.places = daemon.Places();
  const OwnDaemon::Answer answer = daemon.Ask();
  if (answer.report) {
    look.pid = answer.report->pid;
    look.version = answer.report->version;
    look.up = std::chrono::duration_cast<std::chrono::seconds>(context.clock.Wall() -
                                                               answer.report->started);
  } else if (!answer.refusals.empty()) {
    look.refusal = answer.refusals.front().message;
    look.refusal_fix = OwnDaemon::AdviceFor(answer.refusals.front());
  }
  return look;
}

struct SignInDoors {
  HttpTransport& transport;
  Clock& clock;
  Random& random;
};

/// Ready to be used; null after having noted in `look` why there is none.
std::unique_ptr<Credential> CredentialFor(const AccountSettings& settings, const SignInDoors& doors,
                                          AccountLook& look, const std::stop_token& stop) {
  AuthSettings auth{settings.auth.secret, {}, settings.auth.identity, settings.auth.password};
  if (auth.identity) {
    look.identity = entra::Describe(*auth.identity);
    if (const Status proof = CheckProof(auth); !proof) look.key_problem = proof.error().message;
  } else if (auto key = ReadSharedKey(auth.secret)) {
    auth.key = std::move(key).value();
  } else {
    look.key_problem = key.error().message;
  }
  if (!look.key_problem.empty()) return nullptr;
  auto credential = MakeCredential(settings.account.name, std::move(auth), doors.transport,
                                   doors.clock, doors.random);
  if (const Status ready = credential->Prepare(stop); !ready) {
    look.sign_in_problem = ready.error().message;
    return nullptr;
  }
  return credential;
}

AccountLook LookAtAccount(const AccountSettings& settings, const HttpSettings& http, World& world,
                          const std::stop_token& stop) {
  const cycle::AccountConfig& config = settings.account;
  AccountLook look;
  look.account = config.name;
  look.endpoint = config.endpoint;
  look.api_version = config.api_version;
  look.key_location = settings.auth.secret;
  SeededRandom random(world.seed(), config.name);
  std::unique_ptr<Credential> credential =
      CredentialFor(settings, {world.transport(), world.clock(), random}, look, stop);
  if (UsesProxy(http, config.endpoint.host)) {
    look.proxy = http.proxy;
  } else {
    look.name = LookUpName(config.endpoint.host, http.connect_timeout, stop);
    if (look.name->addresses.empty()) return look;
  }
  look.probe = batch::ProbeAccount({config.name, config.endpoint, config.api_version},
                                   credential.get(), world.transport(), world.clock(), stop);
  return look;
}

/// All at the same time, in the order of the configuration.
std::vector<AccountLook> LookAtAccounts(const std::vector<const AccountSettings*>& accounts,
                                        const HttpSettings& http, World& world,
                                        const std::stop_token& stop) {
  std::vector<AccountLook> looks(accounts.size());
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < looks.size(); ++i) {
    threads.emplace_back([&, i] { looks[i] = LookAtAccount(*accounts[i], http, world, stop); });
  }
  threads.clear();  // waits for all
  return looks;
}

std::string TitleOf(const AccountSettings& settings) {
  const bool observes = settings.account.mode == Mode::kObserve;
  return fmt::format("account {}   {}{}", settings.account.name, settings.endpoint_text,
                     observes ? "   mode observe, nothing is written" : "");
}

struct Checks {
  std::vector<CheckBlock> blocks;
  std::vector<Finding> findings;  // of the configuration
};

std::vector<const AccountSettings*> AccountsOf(const CommandContext& context,
                                               const Config& config) {
  std::vector<const AccountSettings*> accounts;
  for (const AccountSettings& settings : config.accounts) {
    const std::string& only = context.options.account;
    if (only.empty() || settings.account.name == only) accounts.push_back(&settings);
  }
  return accounts;
}

/// False after having said why.
bool CheckAll(CommandContext& context, const Config& config, ProgramLook look, Checks& checks) {
  const auto log = MakeVerbLog(context);
  const auto world = World::Create(config, context.clock, *log);
  if (!world) {
    PrintError(context.console, world.error().message);
    return false;
  }
  look.accounts = config.accounts.size();
  look.state = LookAtState((*world)->state());
  const bool for_service = AsksForService(look.config_file);
  if (for_service) {
    look.config_service = TroubleWithFile(look.config_file);
    look.state_service = TroubleWithPlaceOfState(config.state);
    if (!look.state_service) look.state_service = TroubleWithStateFiles(config.state);
  }
  look.specs = LookAtSpecs(config, (*world)->state(), for_service);
  look.secrets = LookAtSecrets(config.secrets, for_service);
  look.daemon = LookAtDaemon(context);
  checks.blocks.push_back({"", LinesOf(look)});
  const auto accounts = AccountsOf(context, config);
  auto looks = LookAtAccounts(accounts, config.http, **world, context.signals.stop());
  for (std::size_t i = 0; i < looks.size(); ++i) {
    const bool managed = looks[i].key_location == SecretLocation{};
    if (for_service && !managed) {
      looks[i].key_service = TroubleWithSecret(looks[i].key_location, looks[i].account);
    }
    checks.blocks.push_back({TitleOf(*accounts[i]), LinesOf(looks[i])});
  }
  return true;
}

void Print(const Console& console, const Checks& checks, const std::string& format) {
  if (format == "json") {
    console.out << WritePrettyJson(ChecksToJson(checks.blocks, FindingsToJson(checks.findings)));
    return;
  }
  PrintFindings(console.out, checks.findings);
  if (!checks.findings.empty()) console.out << '\n';
  console.out << RenderChecks(checks.blocks, console.out_screen);
}

int RunCheck(CommandContext& context, const std::string& format) {
  LoadedConfig loaded = LoadConfig(context.options.config_file, KeyReading::kSkip);
  Checks checks;
  checks.findings = loaded.findings;
  ProgramLook look;
  look.config_file = context.options.config_file;
  look.findings = std::move(loaded.findings);
  if (!loaded.config) {
    checks.blocks.push_back({"", LinesOf(look)});
  } else {
    Config config = std::move(*loaded.config);
    if (!context.options.specs.empty()) config.specs = context.options.specs;
    if (!KnowsAccount(context, config)) return kExitUsage;
    if (!CheckAll(context, config, std::move(look), checks)) return kExitError;
  }
  if (context.signals.received() == 0) Print(context.console, checks, format);
  ExitFacts facts;
  for (const CheckBlock& block : checks.blocks) facts |= FactsOfChecks(block.lines);
  return CodeUnlessStopped(context, ExitCodeOf(facts));
}

}  // namespace

void AddCheckCommand(Verb& app, Command& chosen) {
  const auto format = std::make_shared<std::string>("text");
  Verb verb = app.AddVerb(
      "check", "Check all that poolkeeper needs, from its configuration to each account's answer");
  AddFormat(verb, *format);
  verb.Footer(
      "Changes nothing: it writes and removes one file in the state folder, and asks each account\n"
      "for one pool. Each line is ok, or says what to do.\n"
      "Exit codes: 0 all is well, warnings allowed; 1 state folder, network or a busy service;\n"
      "3 key, clock or permission; 4 account or api-version refused; 65 configuration, key file,\n"
      "secret or spec.\n"
      "Example:\n  poolkeeper check --account contoso");
  verb.OnChosen([format, &chosen] {
    chosen = [format](CommandContext& context) { return RunCheck(context, *format); };
  });
}

}  // namespace reconciler::daemon
