// Formulas as hostile input: what parses is checked, printed, read again and evaluated.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "reconciler/autoscale/checker.h"
#include "reconciler/autoscale/parser.h"
#include "reconciler/autoscale/printer.h"
#include "reconciler/autoscale/results_text.h"
#include "reconciler/core/random.h"

using namespace reconciler;
using namespace reconciler::autoscale;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i) text += static_cast<char>(data[i]);
  const Parsed parsed = Parse(text);
  if (HasError(parsed.problems)) return 0;
  (void)Check(parsed.formula);
  const std::string printed = Print(parsed.formula);
  // Blanks of the printer may take a formula over the limit.
  if (printed.size() <= kFormulaLengthMax && Print(Parse(printed).formula) != printed) std::abort();
  const Instant now = *ParseTime("2025-07-02T14:00:00Z");
  Samples samples;
  samples.AddSeries("$PendingTasks", now, {1, 2, 3, 4, 5, 6});
  SeededRandom random(1);
  (void)ResultsText(Evaluate(parsed.formula, samples, {now, random}));
  return 0;
}
