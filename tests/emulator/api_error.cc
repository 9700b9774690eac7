#include "tests/emulator/api_error.h"

#include <fmt/format.h>

#include <array>

#include "tests/emulator/json.h"

namespace emulator {

namespace {

struct Known {
  std::string_view code;
  int status;
  std::string_view sentence;
};

constexpr std::array kKnown{
    Known{"ActiveJobAndScheduleQuotaReached", 409,
          "Active job and schedule quota for the account has been reached."},
    Known{"ApplicationNotFound", 404, "The specified application does not exist."},
    Known{"AuthenticationFailed", 403,
          "Server failed to authenticate the request. Make sure the value of Authorization header "
          "is formed correctly including the signature."},
    Known{"AuthorizationFailure", 403, "This request is not authorized to perform this operation."},
    Known{"AutoScalingFormulaSyntaxError", 400,
          "The specified autoscaling formula has a syntax error."},
    Known{"AutoScalingFormulaTooLong", 400, "The specified autoscaling formula is too long."},
    Known{"CloudServiceConfigurationRetired", 400,
          "Pools with cloudServiceConfiguration are retired. Use virtualMachineConfiguration."},
    Known{"ConditionNotMet", 412,
          "The condition specified in the conditional header(s) was not met."},
    Known{"EmptyMetadataKey", 400, "The key for one of the metadata items is empty."},
    Known{"InternalError", 500,
          "The server encountered an internal error. Please retry the request."},
    Known{"InvalidApplicationPackageReferences", 409,
          "One or more application package references could not be satisfied."},
    Known{"InvalidAuthenticationInfo", 400,
          "The authentication information was not provided in the correct format."},
    Known{"InvalidAutoScalingSettings", 400, "The autoscaling settings are invalid."},
    Known{"InvalidHeaderValue", 400,
          "The value provided for one of the HTTP headers was not in the correct format."},
    Known{"InvalidPropertyValue", 400,
          "The value provided for one of the properties in the request body is invalid."},
    Known{"InvalidQueryParameterValue", 400,
          "Value for one of the query parameters specified in the request URI is invalid."},
    Known{"InvalidRequestBody", 400, "The specified request body is not syntactically valid."},
    Known{"InvalidUri", 400, "The requested URI does not represent any resource on the server."},
    Known{"JobBeingDeleted", 409,
          "The specified job has been marked for deletion and is being garbage collected."},
    Known{"JobBeingTerminated", 409, "The specified job is being terminated."},
    Known{"JobCompleted", 409, "The specified job is already in a completed state."},
    Known{"JobExists", 409, "The specified job already exists."},
    Known{"JobNotActive", 409, "The specified job is not in active state."},
    Known{"JobNotFound", 404, "The specified job does not exist."},
    Known{"JobPreparationTaskNotSpecified", 409,
          "The specified job does not have job preparation task."},
    Known{"JobScheduleBeingDeleted", 409,
          "The specified job schedule has been marked for deletion and is being reclaimed."},
    Known{"JobScheduleBeingTerminated", 409, "The specified job schedule is being terminated."},
    Known{"JobScheduleCompleted", 409, "The specified job schedule is already in completed state."},
    Known{"JobScheduleExists", 409, "The specified job schedule already exists."},
    Known{"JobScheduleNotFound", 404, "The specified job schedule does not exist."},
    Known{"JobScheduleWithSameIdExists", 409,
          "A job schedule with the specified job id exists. Job and job schedule cannot have the "
          "same id."},
    Known{"JobWithSameIdExists", 409,
          "A job with the specified job schedule id exists. Job and job schedule cannot have the "
          "same id."},
    Known{"MetadataTooLarge", 400, "The size of the metadata exceeds the maximum permitted."},
    Known{"MissingContentLengthHeader", 411, "The Content-Length header was not specified."},
    Known{"MissingRequiredHeader", 400,
          "An HTTP header that's mandatory for this request is not specified."},
    Known{"MissingRequiredProperty", 400,
          "A required property was not specified in the request body."},
    Known{"MissingRequiredQueryParameter", 400,
          "A query parameter that's mandatory for this request is not specified."},
    Known{"MultipleConditionHeadersNotSupported", 400,
          "Multiple condition headers are not supported."},
    Known{"NodeAgentSKUNotFound", 404, "The specified node agent SKU does not exist."},
    Known{"NodeAlreadyInTargetSchedulingState", 409,
          "The specified node is already in the target scheduling state."},
    Known{"NodeBeingCreated", 409, "The specified node is being created."},
    Known{"NodeBeingRebooted", 409, "The specified node is being rebooted."},
    Known{"NodeBeingReimaged", 409, "The specified node is being reimaged."},
    Known{"NodeBeingStarted", 409, "The specified node is being started."},
    Known{"NodeNotFound", 404, "The specified node does not exist."},
    Known{"NodeStateUnusable", 409, "The specified node is in an unusable state."},
    Known{"NodeUserExists", 409, "The specified node user already exists."},
    Known{"NodeUserNotFound", 404, "The specified node user does not exist."},
    Known{"OperationInvalidForCurrentState", 409,
          "The specified operation is not valid for the current state of the resource."},
    Known{"OperationNotValidOnNode", 409, "The specified operation is not valid on the node."},
    Known{"OperationNotValidOnPool", 409, "The specified operation is not valid on the pool."},
    Known{"OperationTimedOut", 500,
          "The operation could not be completed within the permitted time."},
    Known{"OutOfRangeQueryParameterValue", 400,
          "A query parameter specified in the request URI is outside the permissible range."},
    Known{"PoolBeingDeleted", 409,
          "The specified pool has been marked for deletion and is being reclaimed."},
    Known{"PoolBeingResized", 409, "The specified pool has an ongoing resize operation."},
    Known{"PoolExists", 409, "The specified pool already exists."},
    Known{"PoolNotFound", 404, "The specified pool does not exist."},
    Known{"PoolQuotaReached", 409, "Pool quota for the account has been reached."},
    Known{"RequestBodyTooLarge", 413,
          "The size of the request body exceeds the maximum size permitted."},
    Known{"ResourceNotFound", 404, "The specified resource does not exist."},
    Known{"TaskCompleted", 409, "The specified task is already in a completed state."},
    Known{"TaskExists", 409, "The specified task already exists."},
    Known{"TaskNotCompleted", 409,
          "The specified task is not in a completed state, and the requested operation can be "
          "performed only on completed tasks."},
    Known{"TaskNotFound", 404, "The specified task does not exist."},
    Known{"TaskSucceeded", 409,
          "The specified task has already completed successfully, and the requested operation "
          "cannot be performed on successful tasks."},
    Known{"ServerBusy", 503, "The server is currently unable to receive requests. Please retry."},
    Known{"TooManyEnableAutoScaleRequests", 503,
          "There have been too many enable autoscale requests on the pool. Please retry later."},
    Known{"TooManyRequests", 429, "The rate of requests exceeds the limit. Please retry later."},
    Known{"UnsupportedHttpVerb", 405, "The resource doesn't support the specified HTTP verb."},
    Known{"UnsupportedProperty", 400,
          "One of the properties specified in the request body is not supported."},
    Known{"UnsupportedQueryParameter", 400,
          "One of the query parameters specified in the request URI is not supported."},
    Known{"UnsupportedRequestVersion", 400,
          "The specified version in the request URI is not supported."},
};

const Known* Find(std::string_view code) {
  for (const Known& known : kKnown) {
    if (known.code == code) return &known;
  }
  return nullptr;
}

}  // namespace

int StatusOf(std::string_view code) {
  const Known* const known = Find(code);
  return known == nullptr ? 500 : known->status;
}

std::string_view SentenceOf(std::string_view code) {
  const Known* const known = Find(code);
  return known == nullptr ? std::string_view{"The request failed."} : known->sentence;
}

ApiError InvalidValue(std::string name, std::string value, std::string reason) {
  return {"InvalidPropertyValue",
          {{"PropertyName", std::move(name)},
           {"PropertyValue", std::move(value)},
           {"Reason", std::move(reason)}}};
}

ApiError MissingProperty(std::string name) {
  return {"MissingRequiredProperty", {{"PropertyName", std::move(name)}}};
}

ApiError InvalidBody(std::string reason) {
  return {"InvalidRequestBody", {{"Reason", std::move(reason)}}};
}

ApiError InvalidQuery(std::string name, std::string value, std::string reason) {
  return {"InvalidQueryParameterValue",
          {{"QueryParameterName", std::move(name)},
           {"QueryParameterValue", std::move(value)},
           {"Reason", std::move(reason)}}};
}

std::string ErrorBody(const ApiError& error, std::string_view endpoint, std::string_view request_id,
                      std::string_view time) {
  std::string out = R"({"odata.metadata":)";
  AppendQuoted(out, fmt::format("{}/$metadata#Microsoft.Azure.Batch.Protocol.Entities.Container."
                                "errors/@Element",
                                endpoint));
  out += R"(,"code":)";
  AppendQuoted(out, error.code);
  out += R"(,"message":{"lang":"en-US","value":)";
  AppendQuoted(out,
               fmt::format("{}\nRequestId:{}\nTime:{}", SentenceOf(error.code), request_id, time));
  out += '}';
  if (!error.details.empty()) {
    out += R"(,"values":[)";
    for (const ErrorDetail& detail : error.details) {
      if (&detail != error.details.data()) out += ',';
      out += R"({"key":)";
      AppendQuoted(out, detail.key);
      if (detail.value) {
        out += R"(,"value":)";
        AppendQuoted(out, *detail.value);
      }
      out += '}';
    }
    out += ']';
  }
  return out + '}';
}

}  // namespace emulator
