#include "reconciler/spec/assemble.h"

#include <fmt/format.h>

#include <deque>
#include <map>
#include <utility>

#include "reconciler/core/digest.h"
#include "reconciler/spec/byte_scan.h"
#include "reconciler/spec/finding_sink.h"
#include "reconciler/spec/folder_defaults.h"
#include "reconciler/spec/freeze.h"
#include "reconciler/spec/identity.h"
#include "reconciler/spec/pool_document.h"
#include "reconciler/spec/yaml_tree.h"

namespace reconciler::spec {
namespace {

constexpr std::string_view kDefaultsKind = "PoolDefaults";

/// True if `kind`, and nothing but punctuation, stands before the word: not in a comment's prose.
bool NamesDefaultsKind(std::string_view bytes) {
  for (std::size_t at = bytes.find(kDefaultsKind); at != std::string_view::npos;
       at = bytes.find(kDefaultsKind, at + 1)) {
    std::string_view before = bytes.substr(0, at);
    before = before.substr(0, before.find_last_not_of(" \t\"':") + 1);
    if (before.ends_with("kind")) return true;
  }
  return false;
}

class Assembler {
 public:
  Assembler(const AssembleInput& input, const LoadOptions& options)
      : input_(input), options_(options), last_good_(input.last_good) {}

  Assembled Run() {
    ReportProblems();
    ReadDefaults();
    ReadPools();
    ReportDuplicates();
    ReportVanished();
    defaults_.CheckThemselves(patterns_, sink_);
    return Finish();
  }

 private:
  void ReportProblems() {
    for (const TreeProblem& problem : input_.problems) {
      Finding finding;
      finding.position.file =
          std::make_shared<const std::string>(problem.path.empty() ? "." : problem.path);
      finding.message = problem.message;
      sink_.Add(std::move(finding));
    }
  }

  /// Trees are as large as ten times their text: only those of files that may hold defaults are
  /// kept until all defaults are known.
  void ReadDefaults() {
    for (const SpecFile& file : input_.files) {
      if (file.bytes.find(kDefaultsKind) == std::string_view::npos && !WasDefaults(file.path)) {
        continue;
      }
      sources_.push_back(MakeSource(file.path, file.bytes));
      const auto& documents =
          with_defaults_.emplace(file.path, ReadFile(sources_.back())).first->second;
      for (const Kinded& document : documents) {
        if (document.kind != DocumentKind::kPoolDefaults) continue;
        sink_.BeginDocument();
        defaults_.Add(file.path, document.document, sink_);
      }
      if (outcome_.blind_files.contains(file.path)) MayLackDefaults(file);
    }
    for (const TreeProblem& problem : input_.problems) {
      if (WasDefaults(problem.path)) defaults_.AddUnreadable(problem.path);
    }
    defaults_.FindLost(input_.last_good);
  }

  /// A file that cannot be read whole and had defaults, or looks like it.
  void MayLackDefaults(const SpecFile& file) {
    if (!WasDefaults(file.path) && !NamesDefaultsKind(file.bytes)) return;
    if (!defaults_.Has(FolderOf(file.path))) defaults_.AddUnreadable(file.path);
  }

  bool WasDefaults(const std::string& path) const {
    if (input_.last_good == nullptr) return false;
    for (const GoodDefaults& entry : input_.last_good->defaults) {
      if (entry.path == path) return true;
    }
    return false;
  }

  struct Kinded {
    Document document;
    DocumentKind kind = DocumentKind::kUnknown;
  };

  std::vector<Kinded> ReadFile(const Source& source) {
    std::vector<Kinded> read;
    sink_.BeginDocument();
    if (!ScanBytes(source, sink_)) {
      outcome_.blind_files.insert(*source.path);
      return read;
    }
    for (Document& document : ReadYaml(source, sink_)) {
      sink_.BeginDocument();
      const DocumentKind kind = Classify(document, sink_);
      if (kind == DocumentKind::kUnknown) outcome_.blind_files.insert(*source.path);
      read.push_back({std::move(document), kind});
    }
    documents_ += read.size();
    return read;
  }

  void ReadPools() {
    for (const SpecFile& file : input_.files) {
      const auto known = with_defaults_.find(file.path);
      if (known != with_defaults_.end()) {
        ReadPoolsOf(file, known->second);
        known->second.clear();
      } else {
        const Source source = MakeSource(file.path, file.bytes);
        ReadPoolsOf(file, ReadFile(source));
      }
    }
  }

  void ReadPoolsOf(const SpecFile& file, const std::vector<Kinded>& documents) {
    const PoolContext context{options_, last_good_, input_.accepted, defaults_, patterns_};
    for (const Kinded& entry : documents) {
      if (entry.kind == DocumentKind::kConfig) {
        sink_.BeginDocument();
        sink_.Error(entry.document.root.Find("kind")->place, "kind",
                    "a configuration has no place in a spec tree; move the file");
      }
      if (entry.kind != DocumentKind::kPool) continue;
      PoolDocument pool = ReadPoolDocument(file.path, entry.document, context, sink_);
      if (pool.key.empty()) outcome_.blind_files.insert(file.path);
      outcome_.pools.push_back(std::move(pool));
    }
  }

  void ReportDuplicates() {
    std::map<std::string, std::vector<PoolDocument*>> by_key;
    for (PoolDocument& pool : outcome_.pools) {
      if (!pool.key.empty()) by_key[pool.key].push_back(&pool);
    }
    for (const auto& [key, pools] : by_key) {
      if (pools.size() < 2) continue;
      for (PoolDocument* pool : pools) {
        const PoolDocument* other = pool == pools[0] ? pools[1] : pools[0];
        Finding finding;
        finding.position = pool->position;
        finding.path = "metadata.name";
        finding.line_text = pool->line.text;
        finding.line_text_from = pool->line.from;
        finding.message =
            fmt::format("pool '{}' of account '{}' is also defined at {}; keep one", pool->id,
                        key.substr(0, key.find('/')), FormatPosition(other->position));
        pool->spec.reset();
        pool->problem = fmt::format("{}: {}", FormatPosition(finding.position), finding.message);
        sink_.Add(std::move(finding));
      }
    }
  }

  void ReportVanished() {
    for (const LostDefaults& lost : defaults_.lost()) {
      if (!lost.has_vanished || lost.frozen_pools == 0) continue;
      Finding finding;
      finding.position = {std::make_shared<const std::string>(lost.path), 1, 1};
      finding.message = fmt::format(
          "the defaults of folder '{}' have vanished, which freezes {} pool{}; write an empty "
          "'kind: PoolDefaults' there, or run 'poolkeeper apply POOL', to go on without them",
          lost.folder.empty() ? "." : lost.folder, lost.frozen_pools,
          lost.frozen_pools == 1 ? "" : "s");
      sink_.Add(std::move(finding));
    }
  }

  Assembled Finish() {
    Assembled assembled;
    outcome_.complete = input_.complete && outcome_.blind_files.empty();
    for (const TreeProblem& problem : input_.problems) {
      outcome_.complete = outcome_.complete && !problem.hides_pools;
    }
    if (input_.files.empty()) outcome_.complete = false;
    Freeze(input_, last_good_, defaults_, outcome_, assembled);
    assembled.documents = documents_;
    SpecSnapshot& snapshot = assembled.snapshot;
    snapshot.revision = ComputeRevision(input_.files);
    snapshot.complete = outcome_.complete;
    snapshot.findings = sink_.Take();
    snapshot.files = input_.files.size();
    snapshot.files_read = input_.files.size();
    return assembled;
  }

  const AssembleInput& input_;
  const LoadOptions& options_;
  const LastGoodIndex last_good_;
  FindingSink sink_;
  PatternCache patterns_;
  FolderDefaults defaults_;
  std::deque<Source> sources_;  // of the trees that are kept
  std::map<std::string, std::vector<Kinded>> with_defaults_;
  ReadOutcome outcome_;
  std::size_t documents_ = 0;
};

}  // namespace

Assembled AssembleSpecs(const AssembleInput& input, const LoadOptions& options) {
  return Assembler(input, options).Run();
}

std::vector<Finding> ValidateFiles(const std::vector<SpecFile>& files, const LoadOptions& options) {
  AssembleInput input;
  input.files = files;
  return std::move(AssembleSpecs(input, options).snapshot.findings);
}

std::string ComputeRevision(const std::vector<SpecFile>& files) {
  constexpr std::size_t kDigits = 12;
  std::string digests;
  for (const SpecFile& file : files) {
    digests += file.path;
    digests += '\0';
    digests += Hex(Sha256(file.bytes));
    digests += '\n';
  }
  return "sha256:" + Hex(Sha256(digests)).substr(0, kDigits);
}

}  // namespace reconciler::spec
