#include "cosign/commands/trust-show/render.h"

#include <gtest/gtest.h>

#include "sigstore/authority/testing/sigstore.h"
#include "sigstore/codec/json.h"

namespace cosign::trust_show {
namespace {

using namespace std::chrono_literals;
using sigstore::authority::testing::Sigstore;
using sigstore::authority::testing::usual_time;

Shown shown() {
  Shown out;
  out.mirror = "https://tuf.test";
  out.folder = "/cache/tuf.test";
  out.asked = usual_time();
  out.metadata = {{"root", {3, usual_time() + 24h}}, {"timestamp", {7, usual_time() - 1h}}};
  out.root = Sigstore().trusted_root();
  out.root.tlogs[0].valid.end = usual_time() - 1h;
  return out;
}

TEST(TrustShow, ForPeople) {
  const std::string text = as_text(shown(), usual_time());
  EXPECT_TRUE(text.starts_with(
      "from https://tuf.test\nkept in /cache/tuf.test\nasked last at 2026-06-01T12:00:00Z\n\n"
      "metadata\n  root       version 3, until 2026-06-02T12:00:00Z\n"
      "  timestamp  version 7, expired 2026-06-01T11:00:00Z\n"))
      << text;
  EXPECT_NE(
      text.find("since 2026-01-01T00:00:00Z until 2026-06-01T11:00:00Z (for what was made till then)\n"),
      std::string::npos)
      << text;
  for (const char* title : {"\nwho issues certificates to signers\n", "\nlogs of certificates\n",
                            "\nlogs of signatures\n", "\nwho signs the time\n"})
    EXPECT_NE(text.find(title), std::string::npos) << title;
}

TEST(TrustShow, NobodyIsSaid) {
  Shown nothing;
  nothing.file = "root.json";
  const std::string text = as_text(nothing, usual_time());
  EXPECT_TRUE(text.starts_with("from root.json\n\nwho issues certificates to signers\n  nobody\n")) << text;
}

TEST(TrustShow, TextFromOutsideStaysOnItsLine) {
  Shown hostile = shown();
  hostile.root.tlogs[0].base_url = "https://x\n\x1b[31mfrom somebody";
  const std::string text = as_text(hostile, usual_time());
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find("\n\x1b"), std::string::npos);
}

TEST(TrustShow, ForPrograms) {
  const auto made = sigstore::codec::json::parse(as_json(shown(), usual_time()), "trust");
  ASSERT_TRUE(made);
  EXPECT_EQ(*made->get("version")->number(), (sigstore::codec::json::Number{"1"}));
  EXPECT_EQ(*made->get("source")->get("asked")->string(), "2026-06-01T12:00:00Z");
  EXPECT_EQ(*made->get("metadata")->get("timestamp")->get("expired")->boolean(), true);
  const auto& log = (*made->get("transparencyLogs")->array())[0];
  EXPECT_EQ(*log.get("now")->boolean(), false);
  EXPECT_EQ(log.get("id")->string()->size(), 64U);
  EXPECT_EQ(made->get("source")->get("file"), nullptr);
  const auto& authority = (*made->get("certificateAuthorities")->array())[0];
  EXPECT_TRUE(authority.get("id")->string()->starts_with("sha256:"));
  EXPECT_EQ(*authority.get("now")->boolean(), true);
}

}  // namespace
}  // namespace cosign::trust_show
