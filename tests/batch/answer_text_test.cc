#include "reconciler/batch/answer_text.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/batch/scripted_transport.h"

namespace reconciler::batch {
namespace {

TEST_CASE("answer text: what comes from the network is printed on one line and shortened") {
  CHECK(Printable("a\r\nb\x1b[31m") == "a  b [31m");
  CHECK(Printable("caf\xc3\xa9") == "caf\xc3\xa9");
  CHECK(Printable("a\xff\xc3") == "a??");
  CHECK(Printable("abcdef", 4) == "abcd...");
  CHECK(Printable("ab\xc3\xa9", 3) == "ab...");
}

TEST_CASE("answer text: a body is described, not shown") {
  HttpAnswer answer;
  CHECK(DescribeBody(answer) == "no body");
  answer.body = "<html>secret</html>";
  CHECK(DescribeBody(answer) == "no type, 19 bytes");
  answer.headers = {{"content-type", "text/html"}};
  CHECK(DescribeBody(answer) == "text/html, 19 bytes");
}

TEST_CASE("answer text: an entity tag is plain or it is none") {
  CHECK(ReadETag("0x8DC5F3F4459B415") == "0x8DC5F3F4459B415");
  CHECK(ReadETag("\"0x8DC\"") == "\"0x8DC\"");
  CHECK(ReadETag("0x1\r\nEvil: 1").empty());
  CHECK(ReadETag("0x1 0x2").empty());
  CHECK(ReadETag(std::string(257, 'x')).empty());
}

TEST_CASE("answer text: an error of the service is read without its echoes") {
  const ServiceError error = ReadServiceError(Json(400, R"({
    "code": "InvalidPropertyValue",
    "message": {"lang": "en-US", "value": "The value is invalid.\nRequestId:1\nTime:2"},
    "values": [{"key": "PropertyName", "value": "password"},
               {"key": "PropertyValue", "value": "hunter2"},
               {"key": "Reason", "value": "Too short."},
               {"key": "PropertyValue"}]})"));
  CHECK(error.code == "InvalidPropertyValue");
  CHECK(error.text == "The value is invalid");
  REQUIRE(error.values.size() == 2);
  CHECK(error.values[0].first == "PropertyName");
  CHECK(error.values[1].second == "Too short");
}

TEST_CASE("answer text: what the service signed is left out") {
  const ServiceError error = ReadServiceError(Json(403, R"({
    "code": "AuthenticationFailed",
    "values": [{"key": "AuthenticationErrorDetail",
                "value": "The MAC signature is not the same as any computed signature. Server used following string to sign: 'GET\n\n'."}]})"));
  REQUIRE(error.values.size() == 1);
  CHECK(error.values[0].second ==
        "The MAC signature is not the same as any computed signature. Server used following "
        "string to sign");
}

TEST_CASE("answer text: what is no error of the service reads as an empty one") {
  for (const char* body : {"", "<html>", "[]", "null", "{}", R"({"code":5,"message":[]})",
                           R"({"code":null,"message":{"value":1},"values":{"a":1}})",
                           R"({"values":[1,"x",{"key":1}]})"}) {
    CAPTURE(body);
    const ServiceError error = ReadServiceError(Json(500, body));
    CHECK(error.code.empty());
    CHECK(error.text.empty());
    CHECK(error.values.empty());
  }
}

}  // namespace
}  // namespace reconciler::batch
