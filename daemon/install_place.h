// Where the files are that come with the program.
#pragma once

#include <string>

namespace reconciler::daemon {

/// The example of a configuration: beside the program where it is installed, else where the
/// configured prefix has it; "deploy/poolkeeper.example.yaml" of the repository where neither is.
std::string ExampleConfigFile();

/// The same for a program in the folder `bin`.
std::string ExampleConfigFileFor(const std::string& bin);

}  // namespace reconciler::daemon
