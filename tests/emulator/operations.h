// The operations of the service, one function each.
#pragma once

#include <string_view>

#include "tests/emulator/request_context.h"

namespace emulator {

Reply ListPools(const Context& context);
Reply CreatePool(const Context& context);
/// GET and HEAD.
Reply GetPool(const Context& context, std::string_view id);
Reply DeletePool(const Context& context, std::string_view id);
Reply PatchPool(const Context& context, std::string_view id);
Reply UpdateProperties(const Context& context, std::string_view id);

Reply ResizePool(const Context& context, std::string_view id);
Reply StopResizePool(const Context& context, std::string_view id);
Reply RemoveNodes(const Context& context, std::string_view id);

Reply EnableAutoScale(const Context& context, std::string_view id);
Reply DisableAutoScale(const Context& context, std::string_view id);
Reply EvaluateAutoScale(const Context& context, std::string_view id);

Reply ListNodes(const Context& context, std::string_view pool_id);
Reply GetNode(const Context& context, std::string_view pool_id, std::string_view node_id);
/// Source of the four: Batch REST, Nodes - Create, Replace, Delete User, Get Remote Login Settings.
Reply AddNodeUser(const Context& context, std::string_view pool_id, std::string_view node_id);
Reply ReplaceNodeUser(const Context& context, std::string_view pool_id, std::string_view node_id,
                      const std::string& name);
Reply DeleteNodeUser(const Context& context, std::string_view pool_id, std::string_view node_id,
                     const std::string& name);
Reply GetRemoteLogin(const Context& context, std::string_view pool_id, std::string_view node_id);
/// Source of these: Batch REST, Nodes.
Reply RebootNode(const Context& context, std::string_view pool_id, std::string_view node_id);
Reply ReimageNode(const Context& context, std::string_view pool_id, std::string_view node_id);
Reply DeallocateNode(const Context& context, std::string_view pool_id, std::string_view node_id);
Reply StartNode(const Context& context, std::string_view pool_id, std::string_view node_id);
Reply DisableScheduling(const Context& context, std::string_view pool_id, std::string_view node_id);
Reply EnableScheduling(const Context& context, std::string_view pool_id, std::string_view node_id);
Reply UploadNodeLogs(const Context& context, std::string_view pool_id, std::string_view node_id);
Reply ListNodeExtensions(const Context& context, std::string_view pool_id,
                         std::string_view node_id);
Reply GetNodeExtension(const Context& context, std::string_view pool_id, std::string_view node_id,
                       const std::string& name);
Reply ListNodeCounts(const Context& context);
Reply ListUsageMetrics(const Context& context);
Reply ListApplications(const Context& context);
Reply GetApplication(const Context& context, std::string_view id);
Reply ListSupportedImages(const Context& context);

}  // namespace emulator
