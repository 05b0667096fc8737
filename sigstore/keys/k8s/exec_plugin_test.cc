#include "sigstore/keys/k8s/internal/exec_plugin.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "sigstore/base/system/system_env.h"
#include "sigstore/base/testing/fake_env.h"
#include "sigstore/base/testing/temporary_folder.h"

namespace sigstore::keys::k8s {
namespace {

constexpr const char* v1 = "client.authentication.k8s.io/v1";
constexpr const char* beta = "client.authentication.k8s.io/v1beta1";

class ExecPluginTest : public ::testing::Test {
 protected:
  fakes::FakeEnv fake;
  Chosen chosen;

  ExecPluginTest() {
    chosen.cluster.server = "https://k";
    chosen.user.place = "user u of f";
    chosen.user.exec.emplace();
    chosen.user.exec->command = "login";
    chosen.user.exec->api_version = v1;
  }
  Result<Credentials> ask() { return ask_exec_plugin(fake.env(), chosen); }
  Error refused() {
    const auto found = ask();
    EXPECT_FALSE(found);
    return found ? Error{} : found.error();
  }
  static std::string no_answer(const std::string& text) {
    const auto found = parse_exec_credential(text, v1, "login");
    if (found) return "it is one";
    EXPECT_EQ(found.error().message, "login gave no usable answer");
    return found.error().cause;
  }
};

TEST_F(ExecPluginTest, WhatItIsToldAndSays) {
  auto& plugin = *chosen.user.exec;
  plugin.arguments = {"--cluster", "it's"};
  plugin.variables.emplace_back("TOKEN", Secret(std::string_view("a'b")));
  fake.processes.answer(ProcessOutput{
      0,
      R"({"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"s3cret",
            "clientCertificateData":"CERT","clientKeyData":"KEY","expirationTimestamp":"2030-01-01T00:00:00Z"}})",
      ""});
  const auto found = ask();
  ASSERT_TRUE(found) << found.error().text();
  EXPECT_EQ(found->scheme, "Bearer ");
  EXPECT_EQ(found->token.reveal(), "s3cret");
  EXPECT_EQ(found->certificate.text.reveal(), "CERT");
  EXPECT_EQ(found->key.text.reveal(), "KEY");
  const auto call = fake.processes.calls().at(0);
  EXPECT_TRUE(call.speaking);
  EXPECT_EQ(call.argv, std::vector<std::string>{"sh"}) << "no value is in anybody's argv";
  EXPECT_EQ(call.input,
            "export KUBERNETES_EXEC_INFO='{\"kind\":\"ExecCredential\",\"apiVersion\":"
            "\"client.authentication.k8s.io/v1\",\"spec\":{\"interactive\":false}}'\n"
            "export TOKEN='a'\\''b'\n"
            "command -v 'login' >/dev/null 2>&1 || exit 127\n"
            "exec 'login' '--cluster' 'it'\\''s' </dev/null\n");
}

TEST_F(ExecPluginTest, ItMayBeToldWhichClusterItIsFor) {
  chosen.user.exec->cluster_info = true;
  chosen.cluster.server_name = "kubernetes";
  chosen.cluster.authorities.pem = Secret(std::string_view("CA"));
  chosen.cluster.exec_config = codec::json::Object{{"audience", "a"}};
  EXPECT_EQ(refused().code, Code::not_found);
  EXPECT_NE(fake.processes.calls().at(0).input.find(
                R"("cluster":{"server":"https://k","tls-server-name":"kubernetes",)"
                R"("certificate-authority-data":"Q0E=","config":{"audience":"a"}})"),
            std::string::npos)
      << fake.processes.calls().at(0).input;
}

// A real shell: values arrive as they are, whatever is in them.
TEST_F(ExecPluginTest, AShellRunsIt) {
  const system::SystemEnv outside;
  fakes::TemporaryFolder folder;
  const std::string value = "a'b\n$(exit 3) \"`\\";
  auto& plugin = *chosen.user.exec;
  plugin.command =
      folder.write("log'in",
                   "#!/bin/sh\nread nothing && exit 9\n[ \"$1\" = \"$A\" ] || exit 8\n"
                   "case $KUBERNETES_EXEC_INFO in '{'*'}') ;; *) exit 7 ;; esac\n"
                   "echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\","
                   "\"status\":{\"token\":\"t\"}}'\n");
  ASSERT_EQ(chmod(plugin.command.c_str(), 0755), 0);
  plugin.arguments = {value};
  plugin.variables.emplace_back("A", Secret(std::string_view(value)));
  const auto found = ask_exec_plugin(outside.env(), chosen);
  ASSERT_TRUE(found) << found.error().text();
  EXPECT_EQ(found->token.reveal(), "t");
  plugin.command = "/nowhere/login";
  EXPECT_EQ(ask_exec_plugin(outside.env(), chosen).error().cause, "there is no such program on PATH");
}

TEST_F(ExecPluginTest, ItCannotBeRunOrFails) {
  fake.processes.answer(ProcessOutput{127, "", ""});
  EXPECT_EQ(refused(), (Error{Code::io, "login (the exec plugin of user u of f) cannot be run",
                              "there is no such program on PATH",
                              "install it, or give the user of the kubeconfig a token"}));
  chosen.user.exec->install_hint = "get it from\nlogin.example\x1b[31m\n";
  fake.processes.answer(ProcessOutput{126, "", ""});
  EXPECT_EQ(refused().hint, "get it from\nlogin.example\\x1b[31m");
  fake.processes.answer(ProcessOutput{3, "s3cret", ""});
  EXPECT_EQ(refused().text(), "login (the exec plugin of user u of f) failed: it ended with exit code 3");
  fake.processes.answer(fail(Code::timeout, "it took too long"));
  EXPECT_EQ(refused().text(), "login (the exec plugin of user u of f) gave no answer: it took too long");
  chosen.user.exec->arguments = {std::string("a\0b", 3)};
  EXPECT_EQ(refused().cause, "exec has a value with a NUL in it");
}

TEST_F(ExecPluginTest, AnswersThatAreNone) {
  const std::string head = R"({"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1")";
  EXPECT_EQ(no_answer(head + R"(,"status":{"token":"t"}})"), "it is one");
  for (const char* text : {"", "s3cret", "[]", "{", "7"}) EXPECT_EQ(no_answer(text), "it is no JSON object");
  EXPECT_EQ(no_answer("{}"), "it is no ExecCredential");
  EXPECT_EQ(no_answer(R"({"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1beta1"})"),
            "it is not of the version client.authentication.k8s.io/v1");
  EXPECT_EQ(no_answer(head + "}"), "it has no status");
  EXPECT_EQ(no_answer(head + R"(,"status":{}})"), "it has neither a token nor a certificate");
  EXPECT_EQ(no_answer(head + R"(,"status":{"clientKeyData":"s3cret"}})"),
            "it has only one of clientCertificateData and clientKeyData");
  EXPECT_EQ(no_answer(head + R"(,"status":{"token":"s3\ncret"}})"),
            "its token has characters that no token has");
  EXPECT_TRUE(parse_exec_credential(
      R"({"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1beta1","status":{"token":"t"}})",
      beta, "login"));
}

}  // namespace
}  // namespace sigstore::keys::k8s
