#include "tests/emulator/yaml_document.h"

#include <yaml-cpp/eventhandler.h>

#include <map>
#include <sstream>

#include "tests/emulator/config_reader.h"

namespace emulator {

namespace {

std::string Place(const YAML::Mark& mark) {
  return fmt::format("{}:{}", mark.line + 1, mark.column + 1);
}

/// Looks at a text as it is parsed; aliases are not followed.
class Watch : public YAML::EventHandler {
 public:
  struct Collection {
    YAML::Mark begins;
    bool map = false;
    bool key_next = true;
    std::map<std::string, YAML::Mark> keys{};
  };
  /// Those that have begun and not ended.
  const std::vector<Collection>& open() const { return open_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (documents_++ > 0) throw Problem(mark, "a second document begins here; one file holds one");
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { Scalar(mark, "~"); }
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override { Toggle(); }
  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                const std::string& value) override {
    Scalar(mark, value);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    Toggle();
    open_.push_back({mark});
  }
  void OnSequenceEnd() override { open_.pop_back(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    Toggle();
    open_.push_back({mark, true});
  }
  void OnMapEnd() override { open_.pop_back(); }

 private:
  /// In a mapping keys and values take turns.
  void Toggle() {
    if (!open_.empty()) open_.back().key_next = !open_.back().key_next;
  }
  void Scalar(const YAML::Mark& mark, const std::string& value) {
    if (!open_.empty() && open_.back().map && open_.back().key_next) {
      const auto [first, added] = open_.back().keys.emplace(value, mark);
      if (!added) {
        throw Problem(mark, fmt::format("the key '{}' stands a second time, first at {}; keep one",
                                        value, Place(first->second)));
      }
    }
    Toggle();
  }

  std::vector<Collection> open_;
  int documents_ = 0;
};

/// The parser's words name what it waited for; where that began is what a reader looks for.
std::string SyntaxProblem(const YAML::Exception& error, const Watch& watch,
                          const std::string& text) {
  const bool at_end =
      error.mark.pos <= 0 || static_cast<std::size_t>(error.mark.pos) >= text.size();
  const std::string found = at_end ? "the end of the file" : Place(error.mark);
  const std::string begins = watch.open().empty() ? "1:1" : Place(watch.open().back().begins);
  if (error.msg == YAML::ErrorMsg::END_OF_SEQ_FLOW) {
    return fmt::format("{}: expected ',' or ']' in the list that begins here, found {}", begins,
                       found);
  }
  if (error.msg == YAML::ErrorMsg::END_OF_MAP_FLOW) {
    return fmt::format("{}: expected ',' or '}}' in the mapping that begins here, found {}", begins,
                       found);
  }
  if (error.msg == YAML::ErrorMsg::END_OF_MAP || error.msg == YAML::ErrorMsg::END_OF_SEQ) {
    return fmt::format("{}: expected what comes next in line with {}, where its {} begins",
                       Place(error.mark), begins,
                       error.msg == YAML::ErrorMsg::END_OF_MAP ? "mapping" : "list");
  }
  if (error.msg == YAML::ErrorMsg::EOF_IN_SCALAR) {
    return fmt::format("{}: a text in quotes does not end", Place(error.mark));
  }
  if (error.msg == YAML::ErrorMsg::MAP_VALUE) {
    return fmt::format("{}: a ':' where no key ends; a text that holds one needs quotes",
                       Place(error.mark));
  }
  return fmt::format("{}: expected YAML, found {}", Place(error.mark), error.msg);
}

}  // namespace

std::optional<ConfigError> DocumentProblem(const std::string& text, const std::string& file_name) {
  std::istringstream stream(text);
  Watch watch;
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(watch)) {
    }
    return std::nullopt;
  } catch (const Problem& problem) {
    return ConfigError{fmt::format("{}:{}", file_name, problem.what())};
  } catch (const YAML::Exception& error) {
    return ConfigError{fmt::format("{}:{}", file_name, SyntaxProblem(error, watch, text))};
  }
}

}  // namespace emulator
