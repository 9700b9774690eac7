#include "tests/daemon/output_schema.h"

#include <rapidjson/document.h>
#include <rapidjson/schema.h>
#include <rapidjson/stringbuffer.h>

#include <fstream>
#include <sstream>

#include "reconciler/core/json.h"

namespace reconciler::daemon {

std::string SchemaProblem(const std::string& file, const Value& output) {
  std::ifstream stream(std::string(POOLKEEPER_SOURCE_DIR) + "/schemas/" + file);
  std::stringstream text;
  text << stream.rdbuf();
  rapidjson::Document schema_text;
  schema_text.Parse(text.str().c_str());
  if (schema_text.HasParseError()) return "the schema is no JSON";
  const rapidjson::SchemaDocument schema(schema_text);
  rapidjson::Document document;
  document.Parse(WriteJson(output).c_str());
  if (document.HasParseError()) return "the output is no JSON";
  rapidjson::SchemaValidator validator(schema);
  if (document.Accept(validator)) return {};
  rapidjson::StringBuffer at;
  validator.GetInvalidDocumentPointer().StringifyUriFragment(at);
  return std::string(at.GetString()) + ": " + validator.GetInvalidSchemaKeyword();
}

}  // namespace reconciler::daemon
