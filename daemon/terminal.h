// What the terminal can show.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace reconciler::daemon {

enum class Color { kNone, kGreen, kYellow, kRed, kBlue, kFaint, kBold };

/// How results are written to one stream.
struct Screen {
  bool terminal = false;
  bool color = false;
  int width = 0;   // columns; 0: no terminal, nothing is cut
  int height = 0;  // lines; 0: not known
};
/// `descriptor`: 1 or 2. No colour when the stream is no terminal, with --no-color, when NO_COLOR
/// is set and not empty (https://no-color.org), or on TERM=dumb.
Screen LookAtScreen(int descriptor, bool no_color);

/// `text` between the escape sequences of a colour; unchanged where the screen has none.
std::string Paint(const Screen& screen, Color color, std::string_view text);

/// Columns that `text` takes, without escape sequences; wide letters take two.
int DisplayWidth(std::string_view text);
/// The first columns of `text`, the last of them "..." when it was cut. `width` 0: unchanged.
std::string CutToWidth(std::string_view text, int width);

/// Lines of at most `width` columns, broken between words, or within a word that is longer; one
/// line for `width` 0. No escape sequences.
std::vector<std::string> WrapToWidth(std::string_view text, int width);

/// `front` and behind it `text`, wrapped so that all of it begins in one column; each line ends
/// with a line feed. On a screen that is too narrow for that the lines are cut.
std::string HangingText(std::string_view front, std::string_view text, const Screen& screen);

/// Control characters and invalid UTF-8 as "\x1b": text from files and the service must not steer
/// a terminal.
std::string Harmless(std::string_view text);

}  // namespace reconciler::daemon
