// The data files, put into the program at build time.
#pragma once

#include <string_view>

namespace emulator {

extern const std::string_view kPoolMembersText;
extern const std::string_view kImagesText;
extern const std::string_view kJobMembersText;
extern const std::string_view kScheduleMembersText;
extern const std::string_view kTaskMembersText;

}  // namespace emulator
