#include "cosign/session/settings.h"

#include <gtest/gtest.h>

#include "sigstore/base/testing/fake_env.h"

namespace cosign {
namespace {

using sigstore::Code;

TEST(Settings, Defaults) {
  sigstore::fakes::FakeEnv fake;
  const auto settings = registry_settings(fake.env(), {});
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->tls, sigstore::net::TlsOptions{});
  EXPECT_FALSE(settings->created);
  EXPECT_FALSE(settings->docker_media_types);
  EXPECT_FALSE(settings->own_tags);
  EXPECT_EQ(settings->max_attachment, sigstore::limits::attachment_bytes);
}

TEST(Settings, TlsFiles) {
  sigstore::fakes::FakeEnv fake;
  for (const char* file : {"ca.pem", "client.pem", "client.key"}) fake.files.put(file, "pem");
  RegistryFlags flags;
  flags.cacert = "ca.pem";
  flags.client_cert = "client.pem";
  flags.client_key = "client.key";
  flags.server_name = "registry.internal";
  flags.allow_insecure = true;
  const auto settings = registry_settings(fake.env(), flags);
  ASSERT_TRUE(settings);
  const sigstore::net::TlsOptions expected = {.verify = false,
                                              .ca_files = {"ca.pem"},
                                              .extra_ca_files = {},
                                              .client_cert_file = "client.pem",
                                              .client_key_file = "client.key",
                                              .server_name = "registry.internal"};
  EXPECT_EQ(settings->tls, expected);
}

TEST(Settings, OwnTags) {
  sigstore::fakes::FakeEnv fake;
  RegistryFlags flags;
  flags.own_tags = true;
  EXPECT_TRUE(registry_settings(fake.env(), flags)->own_tags);
}

TEST(Settings, TheTimeIsRecordedWhenAskedFor) {
  sigstore::fakes::FakeEnv fake;
  RegistryFlags flags;
  flags.record_creation = true;
  EXPECT_EQ(registry_settings(fake.env(), flags)->created, fake.env().clock->now());
  fake.variables.values["SOURCE_DATE_EPOCH"] = "7";
  EXPECT_EQ(registry_settings(fake.env(), flags)->created, sigstore::Time(std::chrono::seconds(7)));
}

TEST(Settings, AFileThatIsNotThereIsNamedWithItsFlag) {
  sigstore::fakes::FakeEnv fake;
  RegistryFlags flags;
  flags.cacert = "nowhere.pem";
  const auto settings = registry_settings(fake.env(), flags);
  ASSERT_FALSE(settings);
  EXPECT_EQ(settings.error().code, Code::invalid_argument);  // not not_found: that would be the image's
  EXPECT_EQ(settings.error().text(), "--registry-cacert names a file that does not exist: nowhere.pem");
}

TEST(Settings, HalfAClientCertificateIsRefused) {
  sigstore::fakes::FakeEnv fake;
  fake.files.put("client.pem", "pem");
  RegistryFlags certificate, key;
  certificate.client_cert = "client.pem";
  key.client_key = "client.pem";
  EXPECT_FALSE(registry_settings(fake.env(), certificate));
  EXPECT_FALSE(registry_settings(fake.env(), key));
}

TEST(Settings, AKeychainThatIsNotThereIsNotIgnored) {
  sigstore::fakes::FakeEnv fake;
  RegistryFlags flags;
  flags.k8s_keychain = true;
  EXPECT_FALSE(registry_settings(fake.env(), flags));
}

TEST(Settings, Variables) {
  sigstore::fakes::FakeEnv fake;
  fake.variables.values = {{"SOURCE_DATE_EPOCH", "86400"},
                           {"COSIGN_DOCKER_MEDIA_TYPES", "1"},
                           {"COSIGN_MAX_ATTACHMENT_SIZE", "2MiB"}};
  const auto settings = registry_settings(fake.env(), {});
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->created, sigstore::Time(std::chrono::hours(24)));
  EXPECT_TRUE(settings->docker_media_types);
  EXPECT_EQ(settings->max_attachment, 2 * sigstore::limits::mib);
}

TEST(Settings, AVariableThatDoesNotParseIsNamed) {
  const std::vector<std::pair<std::string, std::string>> broken = {
      {"SOURCE_DATE_EPOCH", "yesterday"},   {"SOURCE_DATE_EPOCH", "-1"},
      {"SOURCE_DATE_EPOCH", "1e9"},         {"SOURCE_DATE_EPOCH", "999999999999"},
      {"COSIGN_DOCKER_MEDIA_TYPES", "yes"}, {"COSIGN_MAX_ATTACHMENT_SIZE", "many"},
      {"COSIGN_MAX_ATTACHMENT_SIZE", "0"},
  };
  for (const auto& [name, value] : broken) {
    sigstore::fakes::FakeEnv fake;
    fake.variables.values[name] = value;
    const auto settings = registry_settings(fake.env(), {});
    ASSERT_FALSE(settings) << name << "=" << value;
    EXPECT_NE(settings.error().message.find(name), std::string::npos);
  }
}

}  // namespace
}  // namespace cosign
