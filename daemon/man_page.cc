#include "daemon/man_page.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/exit_code.h"
#include "reconciler/core/text.h"

namespace reconciler::daemon {
namespace {

/// Text as roff reads it: no escapes, no requests, dashes that can be searched and pasted.
std::string Roff(std::string_view text) {
  std::string safe;
  bool line_begins = true;
  for (const char c : text) {
    if (line_begins && (c == '.' || c == '\'')) safe += "\\&";
    line_begins = c == '\n';
    if (c == '\\') {
      safe += "\\e";
    } else if (c == '-') {
      safe += "\\-";
    } else if (c == '\'') {
      safe += "\\(aq";
    } else if (c == '`') {
      safe += "\\(ga";
    } else if (c == '^') {
      safe += "\\(ha";
    } else if (c == '~') {
      safe += "\\(ti";
    } else {
      safe += c;
    }
  }
  return safe;
}

std::string NameOf(const CliVerb& verb) {
  return verb.path.empty() ? "poolkeeper" : "poolkeeper " + PathText(verb);
}

std::string Synopsis(const CliVerb& verb) {
  std::string text = fmt::format(".B {}\n", Roff(NameOf(verb)));
  if (!verb.options.empty()) text += "[\\fIOPTIONS\\fR]\n";
  if (!verb.verbs.empty()) text += "\\fIVERB\\fR\n";
  for (const CliOption& word : verb.positionals) {
    const std::string name = Roff(word.names.front()) + (word.many ? "..." : "");
    const std::string shown = "\\fI" + name + "\\fR";
    text += word.required ? shown + "\n" : "[" + shown + "]\n";
  }
  return text;
}

std::string Entry(const CliOption& option, bool positional) {
  std::string head;
  for (const std::string& name : option.names) {
    if (!head.empty()) head += ", ";
    head += fmt::format("\\f{}{}\\fR", positional ? 'I' : 'B', Roff(name));
  }
  if (!positional && !option.value.empty()) head += " \\fI" + Roff(option.value) + "\\fR";
  std::string text = ".TP\n" + head + "\n" + Roff(option.description);
  if (!option.default_text.empty()) text += Roff("; " + option.default_text + " if left out");
  return text + ".\n";
}

/// The lines below "Example:" keep their shape; the others are a paragraph.
std::string Footer(const std::string& footer) {
  std::string prose;
  std::string example;
  bool in_example = false;
  for (const std::string_view line : SplitText(footer, '\n')) {
    if (line == "Example:") {
      in_example = true;
    } else if (in_example) {
      example += Roff(line.substr(std::min<std::size_t>(line.find_first_not_of(' '), 2))) + "\n";
    } else if (!line.empty()) {
      prose += Roff(line) + "\n";
    }
  }
  std::string text;
  if (!prose.empty()) text += ".PP\n" + prose;
  if (!example.empty()) text += ".PP\nExample:\n.PP\n.nf\n.RS\n" + example + ".RE\n.fi\n";
  return text;
}

std::string Entries(const CliVerb& verb) {
  std::string text;
  for (const CliOption& word : verb.positionals) text += Entry(word, true);
  for (const CliOption& option : verb.options) text += Entry(option, false);
  return text;
}

}  // namespace

std::string ManPage(const CliVerb& program, const std::string& version) {
  std::string text = fmt::format(
      ".\\\" Made by `poolkeeper man` from what --help prints.\n"
      ".TH POOLKEEPER 1 \"\" \"poolkeeper {}\" \"User Commands\"\n"
      ".SH NAME\npoolkeeper \\- keeps Azure Batch pools equal to a repository of pool specs\n"
      ".SH SYNOPSIS\n",
      Roff(version));
  text += Synopsis(program);
  text += ".SH DESCRIPTION\n" + Roff(program.description) + "\n" + Footer(program.footer);
  text += ".SH OPTIONS\nThey stand before or behind any verb.\n" + Entries(program);
  text += ".SH VERBS\n";
  for (const CliVerb* verb : AllVerbs(program)) {
    if (verb->path.empty()) continue;
    text += fmt::format(".SS {}\n", Roff(PathText(*verb)));
    text += Synopsis(*verb) + ".PP\n" + Roff(verb->description) + ".\n";
    text += Entries(*verb) + Footer(verb->footer);
  }
  text +=
      ".SH FILES\n.TP\n.I /etc/poolkeeper/poolkeeper.yaml\nThe configuration.\n"
      ".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nWhere set and not empty, results have no colours.\n"
      ".SH SEE ALSO\n.BR ssh (1),\n.BR systemd.service (5)\n";
  return text;
}

}  // namespace reconciler::daemon
