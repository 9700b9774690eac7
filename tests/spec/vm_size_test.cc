#include "reconciler/spec/vm_size.h"

#include <doctest/doctest.h>

namespace reconciler::spec {
namespace {

TEST_CASE("vm size: the number behind the family is that of the cores") {
  CHECK(CoresOfVmSize("Standard_D2s_v3") == 2);
  CHECK(CoresOfVmSize("STANDARD_NC24ADS_A100_V4") == 24);
  CHECK(CoresOfVmSize("standard_hb120rs_v3") == 120);
  CHECK(CoresOfVmSize("standard_m416ms_v2") == 416);
  CHECK(CoresOfVmSize("standard_a4_v2") == 4);
  CHECK(CoresOfVmSize("standard_f8") == 8);
  CHECK(CoresOfVmSize("standard_d4as_v4") == 4);
}

TEST_CASE("vm size: the first two versions of D number their sizes") {
  CHECK(CoresOfVmSize("standard_d1_v2") == 1);
  CHECK(CoresOfVmSize("standard_d4_v2") == 8);
  CHECK(CoresOfVmSize("standard_ds5_v2_promo") == 16);
  CHECK(CoresOfVmSize("standard_d11") == 2);
  CHECK(CoresOfVmSize("standard_d14_v2") == 16);
  CHECK(CoresOfVmSize("standard_d15_v2") == 20);
  CHECK_FALSE(CoresOfVmSize("standard_d6_v2"));
}

TEST_CASE("vm size: the first versions of A and G number their sizes") {
  CHECK(CoresOfVmSize("standard_a1") == 1);
  CHECK(CoresOfVmSize("standard_a4") == 8);
  CHECK(CoresOfVmSize("standard_a5") == 2);
  CHECK(CoresOfVmSize("standard_a9") == 16);
  CHECK(CoresOfVmSize("standard_g1") == 2);
  CHECK(CoresOfVmSize("standard_gs5") == 32);
  CHECK(CoresOfVmSize("standard_a8_v2") == 8);
}

TEST_CASE("vm size: active cores count") {
  CHECK(CoresOfVmSize("Standard_E8-2s_v5") == 2);
  CHECK(CoresOfVmSize("standard_ds13-4_v2") == 4);
}

TEST_CASE("vm size: names that tell nothing") {
  for (const char* name :
       {"", "standard_", "standard_a12", "basic_a1", "standard_gs6", "large", "standard_d",
        "standard_d99999999999999999999", "standard_d0_v3", "standard_e8-_v3"}) {
    CAPTURE(name);
    CHECK_FALSE(CoresOfVmSize(name));
  }
}

}  // namespace
}  // namespace reconciler::spec
