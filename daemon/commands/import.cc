// poolkeeper import POOL... | --all | --from FILE
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <ostream>
#include <set>

#include "daemon/commands/command.h"
#include "daemon/import_check.h"
#include "daemon/import_file.h"
#include "daemon/import_live.h"
#include "daemon/import_text.h"
#include "daemon/pool_finder.h"
#include "daemon/session.h"
#include "daemon/write_file.h"
#include "reconciler/core/text.h"
#include "reconciler/spec/options.h"

namespace reconciler::daemon {
namespace {

struct ImportOptions {
  std::vector<std::string> pools;
  bool all = false;
  std::string out;
  std::string from;
};

int Usage(CommandContext& context, const std::string& message) {
  PrintError(context.console, message);
  return kExitUsage;
}

/// Ids of pools that a spec names already, folded, with the account in front.
std::set<std::string> KeysOfSpecs(const SpecSnapshot& specs) {
  std::set<std::string> keys;
  for (const PoolSpec& spec : specs.pools) keys.insert(PoolKey(spec.account, spec.id));
  return keys;
}

/// Something that was written, under the name that errors in it are told by.
struct Written {
  const ImportedSpec* spec = nullptr;
  std::string file;
  std::string text;
};

/// Where several accounts have a pool of the name, that of the account stands before it.
std::string FileNameOf(const ImportedSpec& spec, const std::vector<ImportedSpec>& all) {
  const bool is_shared = std::any_of(all.begin(), all.end(), [&](const ImportedSpec& other) {
    return other.account != spec.account && EqualFolded(other.pool, spec.pool);
  });
  return is_shared ? fmt::format("{}-{}.yaml", spec.account, spec.pool) : spec.pool + ".yaml";
}

/// To standard output, or one file for each pool.
std::vector<Written> Write(CommandContext& context, const ImportOptions& options,
                           ImportFound& found) {
  std::vector<Written> all;
  for (const ImportedSpec& spec : found.specs) {
    std::string text = RenderSpec(spec);
    if (options.out.empty()) {
      context.console.out << (all.empty() ? "" : "---\n") << text;
      all.push_back({&spec, "pool " + spec.pool, std::move(text)});
      continue;
    }
    if (spec.pool.find('/') != std::string::npos) {
      PrintError(context.console, fmt::format("pool '{}': no file can have its name; leave out "
                                              "--out, or rename it",
                                              spec.pool));
      found.facts.error = true;
      continue;
    }
    std::string path = options.out + "/" + FileNameOf(spec, found.specs);
    if (auto written = WriteNewFile(path, text); !written) {
      PrintError(context.console, written.error().message);
      found.facts.error = true;
    } else {
      context.console.out << path << "\n";
      all.push_back({&spec, std::move(path), std::move(text)});
    }
  }
  return all;
}

/// Says what keeps the specs from being applied.
void Judge(CommandContext& context, const std::vector<Written>& all, ImportFound& found) {
  for (const Written& written : all) {
    const std::vector<Finding> errors = ErrorsOf(*written.spec, written.file, written.text);
    if (errors.empty()) continue;
    found.facts.invalid = true;
    PrintError(context.console,
               fmt::format("pool {}: the spec is not complete yet; mend {} before "
                           "you apply it:",
                           written.spec->pool, errors.size() == 1 ? "this" : "these"));
    PrintFindings(context.console, errors);
  }
}

int Finish(CommandContext& context, const ImportOptions& options, ImportFound& found) {
  for (const std::string& pool : options.pools) {
    const bool known =
        std::any_of(found.specs.begin(), found.specs.end(),
                    [&](const ImportedSpec& spec) { return EqualFolded(spec.pool, pool); });
    if (known) continue;
    const std::vector<std::string_view> ids(found.ids.begin(), found.ids.end());
    const std::string near = NearestName(pool, ids);
    return Usage(context, fmt::format("no pool '{}' to import{}", pool,
                                      near.empty() ? "" : " (did you mean '" + near + "'?)"));
  }
  const std::vector<Written> written = Write(context, options, found);
  context.console.out.flush();
  context.console.err << RenderRemarks(found.specs, !options.from.empty());
  Judge(context, written, found);
  const bool none = found.specs.empty() && found.of_others == 0;
  if (options.all && none && CodeUnlessStopped(context, ExitCodeOf(found.facts)) == kExitDone) {
    PrintHint(context.console, "there is no live pool without a spec");
  }
  return CodeUnlessStopped(context, ExitCodeOf(found.facts));
}

/// Who imports has no spec yet, as a rule.
std::shared_ptr<const SpecSnapshot> LoadSpecsIfAny(CommandContext& context, Session& session) {
  auto loaded = session.specs->Load();
  if (!loaded) {
    PrintError(context.console, loaded.error().message);
    return nullptr;
  }
  std::vector<Finding> findings = (*loaded)->findings;
  std::erase_if(findings,
                [](const Finding& finding) { return finding.message == spec::kNoSpecFiles; });
  PrintFindings(context.console, findings);
  return std::move(loaded).value();
}

int ImportLive(CommandContext& context, const ImportOptions& options) {
  int code = kExitDone;
  const auto session = OpenSession(context, code);
  if (!session) return code;
  const auto specs = LoadSpecsIfAny(context, *session);
  if (!specs) return kExitInvalid;
  ImportFound found = FindLivePools(context, *session, options.pools, KeysOfSpecs(*specs));
  if (found.ids.empty() && ExitCodeOf(found.facts) != kExitDone) {
    return CodeUnlessStopped(context, ExitCodeOf(found.facts));
  }
  return Finish(context, options, found);
}

ImportedSpec SpecOf(const plan::ForeignPool& pool, const std::string& account) {
  ImportedSpec spec{std::string(pool.body.StringOr("id")),
                    plan::ImportPool(pool.body, account, spec::kDefaultApiVersion)};
  auto& left_out = spec.imported.left_out;
  left_out.insert(left_out.begin(), pool.left_out.begin(), pool.left_out.end());
  auto& remarks = spec.imported.remarks;
  remarks.insert(remarks.begin(), pool.remarks.begin(), pool.remarks.end());
  auto& comments = spec.imported.comments;
  comments.insert(comments.end(), pool.comments.begin(), pool.comments.end());
  return spec;
}

int ImportFile(CommandContext& context, const ImportOptions& options) {
  auto pools = ReadForeignFile(options.from);
  if (!pools) {
    PrintError(context.console, pools.error().message);
    return kExitInvalid;
  }
  ImportFound found;
  int unnamed = 0;
  for (plan::ForeignPool& pool : *pools) {
    const bool is_named = !pool.body.StringOr("id").empty();
    if (!is_named) pool.body.Set("id", fmt::format("unnamed-{}", ++unnamed));
    const std::string id(pool.body.StringOr("id"));
    found.ids.push_back(id);
    if (!Selects(options.pools, id)) continue;
    found.specs.push_back(SpecOf(pool, context.options.account));
    // Only a person can tell it; no pool of a name made up here is ever to be created.
    if (!is_named) found.specs.back().imported.document.Find("metadata")->Erase("name");
  }
  return Finish(context, options, found);
}

int RunImport(CommandContext& context, const ImportOptions& options) {
  if (!options.from.empty()) {
    if (options.all) return Usage(context, "--all is for live pools; --from takes all of the file");
    return ImportFile(context, options);
  }
  if (options.all == options.pools.empty()) return ImportLive(context, options);
  return Usage(context, options.all ? "--all takes no names" : "name pools, or say --all");
}

}  // namespace

void AddImportCommand(Verb& app, Command& chosen) {
  const auto options = std::make_shared<ImportOptions>();
  Verb verb = app.AddVerb("import", "Write specs from live pools, or from files of other tools");
  verb.AddOption("POOL", options->pools, "Names of live pools, or of pools in the file").Value("");
  verb.AddFlag("--all", options->all, "Every live pool that no spec names");
  verb.AddOption("--out", options->out,
                 "Folder for one file of each pool; without it all go to standard output")
      .Value("DIR");
  verb.AddOption("--from", options->from,
                 "Not from the service but from a file: what `az batch pool show` or `az resource "
                 "list` printed, a template of ARM (compiled Bicep) or `az batch pool create`, an "
                 "example of the API, a Terraform state; - is standard input")
      .Value("FILE");
  verb.Footer(
      "The specs say adopt: true, so that `plan` shows the pools as to be adopted and `apply` "
      "claims\n"
      "them. Members that equal the service's default are left out; secrets, which nobody can "
      "read,\n"
      "become references that are listed at the end. Nothing is overwritten.\n"
      "What is written is checked as `validate` does it; what is still wrong is told with its "
      "line.\n"
      "Exit codes: 0 written; 1 a file could not be written; 3, 4 an account could not be read; 5 "
      "a\n"
      "pool that is named carries the stamp of another owner or source; 65 a spec that was written "
      "has\n"
      "errors, or the file of --from is none of these.\n"
      "Example:\n  poolkeeper import --all --out pools");
  verb.OnChosen([options, &chosen] {
    chosen = [options](CommandContext& context) { return RunImport(context, *options); };
  });
}

}  // namespace reconciler::daemon
