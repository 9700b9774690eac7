#include "daemon/completion.h"

#include <fmt/format.h>

#include <set>

#include "daemon/event_page.h"
#include "daemon/property_place.h"
#include "reconciler/core/text.h"

namespace reconciler::daemon {
namespace {

/// What stands where a value or a word is expected: "list a b", "pools", "nodes", "accounts",
/// "files", "files-pools", "folders", "events", "capabilities", "properties", or "none".
std::string KindOf(const CliOption& option, bool positional) {
  if (!option.values.empty()) return fmt::format("list {}", fmt::join(option.values, " "));
  const std::string& name = positional ? option.names.front() : option.value;
  if (name == "POOL") return "pools";
  if (name == "FILE" || name == "PATH") return "files";
  if (name == "FILE|POOL") return "files-pools";
  if (name == "DIR") return "folders";
  if (name == "PROPERTY") return "properties";
  if (positional) return name == "WORD" ? "events" : "none";
  const std::string& flag = option.names.front();
  if (flag == "--account") return "accounts";
  if (flag == "--node") return "nodes";
  return flag == "--capability" ? "capabilities" : "none";
}

/// One line for each option of the verb and of the program that takes a value.
std::string OptionCases(const CliVerb& verb, const CliVerb& program, std::string_view indent) {
  std::string text;
  const auto add = [&](const CliVerb& of) {
    for (const CliOption& option : of.options) {
      if (option.value.empty()) continue;
      std::string names;
      for (const std::string& name : option.names) {
        if (!names.empty()) names += '|';
        names += fmt::format("'{} {}'", PathText(verb), name);
      }
      text += fmt::format("{}{}) echo '{}' ;;\n", indent, names, KindOf(option, false));
    }
  };
  add(verb);
  if (&verb != &program) add(program);
  return text;
}

std::string Flags(const CliVerb& verb, const CliVerb& program) {
  std::string text;
  const auto add = [&](const CliVerb& of) {
    for (const CliOption& option : of.options) {
      if ((" " + text + " ").find(" " + option.names.front() + " ") != std::string::npos) continue;
      if (!text.empty()) text += ' ';
      text += option.names.front();
    }
  };
  add(verb);
  if (&verb != &program) add(program);
  return text;
}

std::string VerbNames(const CliVerb& verb) {
  std::vector<std::string> names;
  for (const CliVerb& below : verb.verbs) names.push_back(below.path.back());
  return fmt::format("{}", fmt::join(names, " "));
}

/// Kinds of the words of a verb, in order; the last is repeated where it may come again.
std::string WordKinds(const CliVerb& verb) {
  if (PathText(verb) == "ssh") return "pools nodes none";  // one list of words to its parser
  std::string text;
  for (const CliOption& word : verb.positionals) {
    if (!text.empty()) text += ' ';
    text += KindOf(word, true);
    if (word.many) text += " ...";
  }
  return text;
}

/// As people write them: no brackets, and no "spec." in front.
std::set<std::string> PropertyNames() {
  std::set<std::string> names;
  for (const PropertyPlace& place : AllBelow(DocumentPlace("Pool"))) {
    if (place.path.empty() || place.row->name == "*") continue;
    std::string name = place.path;
    if (name.starts_with("spec.")) name.erase(0, 5);
    for (std::size_t at = name.find("[]"); at != std::string::npos; at = name.find("[]")) {
      name.erase(at, 2);
    }
    names.insert(std::move(name));
  }
  return names;
}

/// Words that are known beforehand. Source of the capabilities: answers of "Account - List
/// Supported Images"; the service may know more.
std::string FixedWords() {
  std::set<std::string_view> events;
  for (const PageEntry& entry : AllEntries()) events.insert(entry.name);
  return fmt::format(
      "# Words that are known beforehand.\n_poolkeeper_fixed() {{\n  case $1 in\n"
      "    capabilities) echo 'ConfidentialVMCompatible DockerCompatible Generation2VMImage "
      "IntelMPIRuntimeInstalled NvidiaGridDriverInstalled NvidiaTeslaDriverInstalled "
      "SupportsRDMAOnly UserSubscriptionOnly' ;;\n"
      "    events) echo '{}' ;;\n    properties) echo '{}' ;;\n  esac\n}}\n\n",
      fmt::join(events, " "), fmt::join(PropertyNames(), " "));
}

/// Tables that both shells read: functions of "path of verbs" that print a line.
std::string Tables(const CliVerb& program) {
  std::string verbs;
  std::string flags;
  std::string words;
  std::string options;
  for (const CliVerb* verb : AllVerbs(program)) {
    const std::string path = PathText(*verb);
    if (!verb->verbs.empty())
      verbs += fmt::format("    '{}') echo '{}' ;;\n", path, VerbNames(*verb));
    flags += fmt::format("    '{}') echo '{}' ;;\n", path, Flags(*verb, program));
    if (!verb->positionals.empty()) {
      words += fmt::format("    '{}') echo '{}' ;;\n", path, WordKinds(*verb));
    }
    options += OptionCases(*verb, program, "    ");
  }
  return "# Verbs below a verb.\n_poolkeeper_verbs() {\n  case $1 in\n" + verbs + "  esac\n}\n\n" +
         "# Options of a verb.\n_poolkeeper_flags() {\n  case $1 in\n" + flags + "  esac\n}\n\n" +
         "# Kinds of the words of a verb.\n_poolkeeper_words() {\n  case $1 in\n" + words +
         "  esac\n}\n\n" +
         "# The kind of an option's value; nothing for a flag.\n_poolkeeper_value() {\n"
         "  case \"$1 $2\" in\n" +
         options + "  esac\n}\n\n" + FixedWords();
}

// Written so that both shells read it; `path` would be special to zsh.
constexpr std::string_view kScan =
    R"shell(# Reads the words before the one to complete: sets `at`, `kind`, `first` and `globals`.
_poolkeeper_scan() {
  local word option="" count=0 rest=0 kinds
  at="" kind="" first="" globals=()
  shift
  for word in "$@"; do
    if [[ -n $option ]]; then
      [[ $word == "=" ]] && continue
      case $option in --config|--specs|--account) globals+=("$option" "$word") ;; esac
      option=""
    elif [[ $word == -- ]]; then
      rest=1
    elif [[ $word == --*=* ]]; then
      case ${word%%=*} in --config|--specs|--account) globals+=("$word") ;; esac
    elif [[ $word == -* ]]; then
      [[ -n $(_poolkeeper_value "$at" "$word") ]] && option=$word
    elif [[ " $(_poolkeeper_verbs "$at") " == *" $word "* ]]; then
      at=${at:+$at }$word
    elif [[ $word != "=" ]]; then
      count=$((count + 1))
      [[ -n $first ]] || first=$word
    fi
  done
  if [[ $rest == 1 ]]; then
    kind="none"
  elif [[ -n $option ]]; then
    kind=$(_poolkeeper_value "$at" "$option")
  else
    kinds=$(_poolkeeper_words "$at")
    while [[ $count -gt 0 && $kinds == *" "* && $kinds != *" ..." ]]; do
      kinds=${kinds#* } count=$((count - 1))
    done
    [[ $count -gt 0 && $kinds != *" ..." ]] && kinds=""
    kind="word ${kinds%% *}"
  fi
}

# Names that only the program knows: pools, accounts, or the nodes of a pool. It has two seconds, and
# is silent if it fails.
_poolkeeper_names() {
  local program=$1 what=$2 pool=$3
  shift 3
  command "$program" "$@" names "$what" -- ${pool:+"$pool"} 2>/dev/null
}

)shell";

constexpr std::string_view kBash = R"shell(_poolkeeper() {
  local cur=${COMP_WORDS[COMP_CWORD]} at kind first choices="" globals before
  before=("${COMP_WORDS[@]:0:COMP_CWORD}")
  [[ $cur == "=" ]] && before+=("=") && cur=""
  _poolkeeper_scan "${before[@]}"
  COMPREPLY=()
  case $kind in
    word*)
      if [[ $cur == -* ]]; then
        choices=$(_poolkeeper_flags "$at")
      else
        choices=$(_poolkeeper_verbs "$at")
        [[ -n $choices ]] || kind=${kind#word }
      fi
      ;;
  esac
  case $kind in
    "list "*) choices=${kind#list } ;;
    pools|accounts) choices=$(_poolkeeper_names "${COMP_WORDS[0]}" "$kind" "" "${globals[@]}") ;;
    nodes) choices=$(_poolkeeper_names "${COMP_WORDS[0]}" nodes "$first" "${globals[@]}") ;;
    capabilities|events|properties) choices=$(_poolkeeper_fixed "$kind") ;;
    files) compopt -o filenames 2>/dev/null || true; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    files-pools)
      compopt -o filenames 2>/dev/null || true
      choices=$(_poolkeeper_names "${COMP_WORDS[0]}" pools "" "${globals[@]}")
      mapfile -t COMPREPLY < <(compgen -f -- "$cur"; compgen -W "$choices" -- "$cur")
      return ;;
    folders) compopt -o filenames 2>/dev/null || true; mapfile -t COMPREPLY < <(compgen -d -- "$cur"); return ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$choices" -- "$cur")
}
complete -F _poolkeeper poolkeeper
)shell";

constexpr std::string_view kZsh = R"shell(_poolkeeper() {
  emulate -L zsh
  local cur=${words[CURRENT]} at kind first option
  local -a globals choices before
  before=("${(@)words[1,CURRENT-1]}")
  if [[ $cur == --*=* ]]; then
    option=${cur%%=*}
    compset -P '*='
    before+=("$option")
    cur=${cur#*=}
  fi
  _poolkeeper_scan "${before[@]}"
  if [[ $kind == word* ]]; then
    if [[ $cur == -* ]]; then
      choices=(${(z)"$(_poolkeeper_flags "$at")"})
    else
      choices=(${(z)"$(_poolkeeper_verbs "$at")"})
      [[ ${#choices} -gt 0 ]] || kind=${kind#word }
    fi
  fi
  case $kind in
    "list "*) choices=(${(z)${kind#list }}) ;;
    pools|accounts) choices=(${(f)"$(_poolkeeper_names "${words[1]}" "$kind" "" "${globals[@]}")"}) ;;
    nodes) choices=(${(f)"$(_poolkeeper_names "${words[1]}" nodes "$first" "${globals[@]}")"}) ;;
    capabilities|events|properties) choices=(${(z)"$(_poolkeeper_fixed "$kind")"}) ;;
    files|folders|files-pools)
      # The completion system's own functions want its options, which `emulate` took away.
      [[ $kind != files-pools ]] ||
        choices=(${(f)"$(_poolkeeper_names "${words[1]}" pools "" "${globals[@]}")"})
      (( ${#_comp_options} )) && setopt ${_comp_options}
      if [[ $kind == folders ]]; then _files -/; else _files; fi
      [[ $kind == files-pools ]] && compadd -a choices
      return ;;
  esac
  compadd -a choices
}

if [[ ${funcstack[1]-} == _poolkeeper ]]; then
  _poolkeeper "$@"
else
  compdef _poolkeeper poolkeeper
fi
)shell";

}  // namespace

std::string BashCompletion(const CliVerb& program) {
  return "# Completion of poolkeeper for bash; made by `poolkeeper completion bash`.\n\n" +
         Tables(program) + std::string(kScan) + std::string(kBash);
}

std::string ZshCompletion(const CliVerb& program) {
  return "#compdef poolkeeper\n"
         "# Completion of poolkeeper for zsh; made by `poolkeeper completion zsh`.\n\n" +
         Tables(program) + std::string(kScan) + std::string(kZsh);
}

}  // namespace reconciler::daemon
