#include "cosign/trusting/explain.h"

#include <gtest/gtest.h>

namespace cosign {
namespace {

using sigstore::Code;
using sigstore::Error;

TEST(Explain, WhatIsSecretInAnAddressIsNotShown) {
  EXPECT_EQ(shown_mirror("https://tuf.test/x"), "https://tuf.test/x");
  EXPECT_EQ(shown_mirror("https://a:b@tuf.test:8443/x?token=c#d"), "https://tuf.test:8443/x");
  EXPECT_EQ(shown_mirror("https://a:b@c@tuf.test"), "https://tuf.test");
  EXPECT_EQ(shown_mirror("https://tuf.test/@scope/x"), "https://tuf.test/@scope/x");
  EXPECT_EQ(shown_mirror("https://tuf.test?a@b"), "https://tuf.test");
  EXPECT_EQ(shown_mirror("/a@b?c"), "/a@b?c");
  const std::string mirror = "https://a:b@tuf.test";
  const Error error = without_secrets({Code::io, mirror + " " + mirror, "by " + mirror, mirror}, mirror);
  EXPECT_EQ(error.message, "https://tuf.test https://tuf.test");
  EXPECT_EQ(error.cause, "by https://tuf.test");
  EXPECT_EQ(error.hint, "https://tuf.test");
}

TEST(Explain, FlagsOfRegistriesAreNoHelp) {
  const auto hint = [](const std::string& text) { return about_a_mirror({Code::tls, "", "", text}).hint; };
  EXPECT_EQ(hint("pass --registry-cacert FILE, or put the authority into /etc/x/ca.crt"),
            "SSL_CERT_FILE=FILE names the authorities that are trusted");
  EXPECT_EQ(hint("if it is a plain HTTP registry, pass --allow-http-registry"),
            "if it is plain HTTP, write http:// in its address");
  EXPECT_EQ(hint("pass --registry-client-cert and --registry-client-key"), "");
  EXPECT_EQ(hint("ask for it by a name of its certificate, or name that with --registry-server-name"),
            "ask for it by a name of its certificate");
  EXPECT_EQ(hint("is this machine's clock right?"), "is this machine's clock right?");
}

TEST(Explain, WhatCameTooLateHasNotExpired) {
  EXPECT_TRUE(has_expired({Code::timeout, "root.json has expired", "", ""}));
  EXPECT_TRUE(has_expired(Error{Code::timeout, "root.json has expired", "", ""}.wrap("x")));
  EXPECT_FALSE(has_expired({Code::timeout, "nothing came", "", ""}));
  EXPECT_FALSE(has_expired({Code::tls, "the certificate has expired", "", ""}));
}

}  // namespace
}  // namespace cosign
