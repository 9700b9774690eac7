# Turns schemas/*.json into the source of EmbeddedSchema. Included by CMakeLists.txt for the rule,
# and run by that rule with -P for the work.
set(embed_schema_names pool pool-defaults config)

if(NOT CMAKE_SCRIPT_MODE_FILE)
  set(schema_files)
  foreach(name IN LISTS embed_schema_names)
    list(APPEND schema_files ${PROJECT_SOURCE_DIR}/schemas/${name}.schema.json)
  endforeach()
  add_custom_command(
    OUTPUT ${POOLKEEPER_EMBEDDED_SCHEMAS}
    COMMAND ${CMAKE_COMMAND} -DSCHEMAS=${PROJECT_SOURCE_DIR}/schemas
            -DOUTPUT=${POOLKEEPER_EMBEDDED_SCHEMAS} -P ${CMAKE_CURRENT_LIST_FILE}
    DEPENDS ${schema_files} ${CMAKE_CURRENT_LIST_FILE}
    COMMENT "Embedding the schemas"
    VERBATIM)
  return()
endif()

# Arrays of bytes, since compilers warn of string literals as long as the pool schema. A byte that is
# not ASCII does not compile.
set(arrays)
set(choices)
foreach(name IN LISTS embed_schema_names)
  file(READ ${SCHEMAS}/${name}.schema.json hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(REPLACE "-" "_" variable "${name}")
  string(APPEND arrays "constexpr char ${variable}[] = {${bytes}};\n")
  string(APPEND choices
    "  if (name == \"${name}\") return {${variable}, sizeof(${variable})};\n")
endforeach()
file(WRITE ${OUTPUT} "// Generated from schemas/*.json.
#include \"reconciler/core/property.h\"

namespace reconciler {
namespace {
${arrays}}  // namespace

std::string_view EmbeddedSchema(std::string_view name) {
${choices}  return {};
}

}  // namespace reconciler
")
