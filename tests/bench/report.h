// Figures beside their limits, and the cases that they come from.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace bench {

using Milliseconds = std::chrono::duration<double, std::milli>;

/// Times depend on what else the machine does: false (--smoke) shows them, and they fail nothing.
extern bool times_count;

/// Prints one figure; false when it passes its limit.
bool Bound(const std::string& what, double value, double limit, const std::string& unit);
void Figure(const std::string& what, double value, const std::string& unit);
double Median(std::vector<double> values);

/// Runs one case in a process of its own, so that memory figures do not mix; true when its bounds
/// are kept.
bool InProcess(const std::function<bool()>& run);

}  // namespace bench
