#include "tests/emulator/fault_keys.h"

namespace emulator {

const std::vector<FaultKey>& FaultKeys() {
  using enum FaultForm;
  using Kind = Fault::Kind;
  static const std::vector<FaultKey> kKeys{
      {"status", kStatus, Kind::kStatus, {}},
      {"connection", kWord, Kind::kConnection, {"reset", "closed", "hang", "headersOnly"}},
      {"refuseFor", kTime, Kind::kRefuse, {}},
      {"resetNewFor", kTime, Kind::kResetNew, {}},
      {"slowFor", kTime, Kind::kSlow, {}},
      {"bytesPerSecond", kNumber, Kind::kTrickle, {}},
      {"upload", kWord, Kind::kUpload, {"cut", "notContinued"}},
      {"http",
       kWord,
       Kind::kHttp,
       {"version10", "noLastChunk", "badChunkSize", "longerThanSaid", "secondAnswer",
        "manyContinues", "hugeHeader", "manyHeaders", "foldedHeader", "twoDates", "longReason",
        "noReason", "echoesAuthorization", "closesUnsaid", "closeUnkept", "closesSlowly"}},
      {"body",
       kWord,
       Kind::kBody,
       {"truncated", "html", "xml", "noType", "otherType", "invalidJson", "empty", "error", "deep",
        "huge", "manyItems", "longText", "nul", "invalidUtf8", "bom", "loneSurrogate", "gzipBomb"}},
      {"cutBodyAt", kNumber, Kind::kCutBody, {}},
      {"member", kMember, Kind::kMember, {}},
      {"list",
       kWord,
       Kind::kList,
       {"missesItem", "repeatsItem", "missesAtBorder", "repeatsAtBorder", "empty", "half",
        "emptyPage", "loopsToItself", "loopsToFirst", "endless"}},
      {"pageSize", kNumber, Kind::kPageSize, {}},
      {"nextLink",
       kWord,
       Kind::kNextLink,
       {"otherHost", "otherPort", "http", "file", "userinfo", "otherAccount", "otherVersion",
        "otherPath", "noText"}},
      {"staleFor", kTime, Kind::kStale, {}},
      {"hideFor", kTime, Kind::kHide, {}},
      {"clockSkew", kSignedTime, Kind::kClockSkew, {}},
      {"token", kWord, Kind::kToken, {"expired", "revoked", "otherAudience"}},
      {"etag",
       kWord,
       Kind::kETag,
       {"changes", "missing", "quoted", "weak", "headerDiffers", "goesBack"}},
      {"foreignResize", kNumber, Kind::kForeignResize, {}},
      {"foreign",
       kWord,
       Kind::kForeign,
       {"deletes", "recreates", "takesName", "stripsMetadata", "changesMetadata",
        "changesStartTask"}},
      {"outcome", kWord, Kind::kOutcome, {"lost", "twiceFirst", "twiceSecond"}},
      {"dropAfter", kTime, Kind::kDrop, {}},
      {"duplicateAfter", kTime, Kind::kDuplicate, {}},
      {"bucket", kBucket, Kind::kBucket, {}},
  };
  return kKeys;
}

}  // namespace emulator
