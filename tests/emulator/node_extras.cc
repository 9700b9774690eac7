// Logs and extensions of nodes.
#include <fmt/format.h>

#include "tests/emulator/operations.h"

namespace emulator {

namespace {

const Member& UploadRows() {
  static const Member kRows = ParseMembers(
      "containerUrl | string | | required | 1.. | | S: upload logs\n"
      "startTime | string | | required | 1.. | | S: upload logs\n"
      "endTime | string | | | | | S: upload logs\n"
      "identityReference | object | | | | | S: upload logs\n"
      "  resourceId | string | | | | | S: upload logs\n");
  return kRows;
}

const Json::List* Extensions(const Pool& pool) {
  const Json* const list = pool.settings.At({"virtualMachineConfiguration", "extensions"});
  return list == nullptr ? nullptr : list->AsList();
}

/// The members without braces. Source: recorded traffic, 2023-05-01.17.0.
void AppendExtension(std::string& out, const Context& context, const Json& extension) {
  out += R"("provisioningState":"Succeeded","instanceView":{"name":)";
  AppendQuoted(out, extension.Text("name"));
  out += R"(,"statuses":[{"code":"ProvisioningState/succeeded","level":0,)"
         R"("displayStatus":"Provisioning succeeded","message":"Plugin enabled"}]},"vmExtension":)";
  AppendForVersion(out, extension,
                   *PoolMember().Child("virtualMachineConfiguration")->Child("extensions"),
                   context.api_version);
}

}  // namespace

Reply UploadNodeLogs(const Context& context, std::string_view pool_id, std::string_view node_id) {
  const auto body = BodyObject(context);
  if (!body) return Fail(NotAnObject(context));
  BodyProblems problems;
  const Json read = NormaliseObject(*body, UploadRows(), context.Normalising(false), problems);
  if (problems.shape) return Fail(*problems.shape);
  FoundNode found = FindNode(context, pool_id, node_id);
  if (found.missing) return std::move(*found.missing);
  if (problems.value) return Fail(*problems.value);
  if (!ParseTime(read.Text("startTime"))) {
    return Fail(InvalidValue("startTime", read.Text("startTime"), "The value is not a time"));
  }
  Reply reply;
  reply.body = fmt::format(
      R"({{"odata.metadata":"{}/$metadata#Microsoft.Azure.Batch.Protocol.Entities.UploadBatchServiceLogsResult",)"
      R"("virtualDirectoryName":"batch-{:016X}/{}/{}/{}","numberOfFilesUploaded":4}})",
      context.endpoint, context.account.random().Next(), found.pool->id, found.node->id,
      context.account.random().Guid());
  return reply;
}

Reply ListNodeExtensions(const Context& context, std::string_view pool_id,
                         std::string_view node_id) {
  FoundNode found = FindNode(context, pool_id, node_id);
  if (found.missing) return std::move(*found.missing);
  Reply reply;
  reply.body =
      fmt::format(R"({{"odata.metadata":"{}/$metadata#extensions","value":[)", context.endpoint);
  if (const Json::List* const extensions = Extensions(*found.pool)) {
    for (const Json& extension : *extensions) {
      reply.body += &extension == extensions->data() ? "{" : ",{";
      AppendExtension(reply.body, context, extension);
      reply.body += '}';
    }
  }
  reply.body += "]}";
  return reply;
}

Reply GetNodeExtension(const Context& context, std::string_view pool_id, std::string_view node_id,
                       const std::string& name) {
  FoundNode found = FindNode(context, pool_id, node_id);
  if (found.missing) return std::move(*found.missing);
  if (const Json::List* const extensions = Extensions(*found.pool)) {
    for (const Json& extension : *extensions) {
      if (!EqualsIgnoringCase(extension.Text("name"), name)) continue;
      Reply reply;
      reply.body = fmt::format(R"({{"odata.metadata":"{}/$metadata#extensions/@Element",)",
                               context.endpoint);
      AppendExtension(reply.body, context, extension);
      reply.body += '}';
      return reply;
    }
  }
  return Fail(ApiError{"ResourceNotFound", {{"Reason", "The node has no such extension"}}});
}

}  // namespace emulator
