#include "sigstore/keys/k8s/internal/access.h"

#include <gtest/gtest.h>

#include "sigstore/base/testing/fake_env.h"

namespace sigstore::keys::k8s {
namespace {

constexpr const char* pod = "/var/run/secrets/kubernetes.io/serviceaccount/token";

class AccessTest : public ::testing::Test {
 protected:
  fakes::FakeEnv fake;
  AccessTest() { fake.variables.values["HOME"] = "/home/dev"; }

  void configure(const std::string& user,
                 const std::string& cluster = "server: 'https://k.example:6443/base'") {
    fake.files.put("/home/dev/.kube/config",
                   "current-context: c\ncontexts: [{name: c, context: {cluster: k, user: u}}]\n"
                   "clusters: [{name: k, cluster: {" +
                       cluster + "}}]\nusers: [{name: u, user: {" + user + "}}]\n");
  }
  Access access() {
    auto found = find_access(fake.env());
    EXPECT_TRUE(found) << found.error().text();
    return found ? std::move(*found) : Access{};
  }
  Error refused() {
    auto found = find_access(fake.env());
    EXPECT_FALSE(found);
    return found ? Error{} : found.error();
  }
};

TEST_F(AccessTest, AToken) {
  configure("token: s3cret");
  const Access found = access();
  EXPECT_EQ(found.name, "Kubernetes at https://k.example:6443/base");
  EXPECT_EQ(found.who, "user u of /home/dev/.kube/config");
  EXPECT_EQ(found.scheme, "Bearer ");
  EXPECT_EQ(found.token.reveal(), "s3cret");
  EXPECT_TRUE(found.tls.verify);
  EXPECT_TRUE(found.tls.pem->authorities.text.empty());
}

TEST_F(AccessTest, ATokenInAFileIsReadAnewAndGoesFirst) {
  configure("tokenFile: token, token: old");
  EXPECT_EQ(access().token.reveal(), "old") << "it is not there";
  fake.files.put("/home/dev/.kube/token", " fresh\n");
  EXPECT_EQ(access().token.reveal(), "fresh");
  fake.files.put("/home/dev/.kube/token", "fresher");
  EXPECT_EQ(access().token.reveal(), "fresher");
  fake.files.put("/home/dev/.kube/token", "fresh s3cret");
  EXPECT_EQ(refused().text(),
            "the token of user u of /home/dev/.kube/config has blanks or other characters that no "
            "token has");
  fake.files.put("/home/dev/.kube/token", "\n");
  EXPECT_EQ(refused().text(), "the token of user u of /home/dev/.kube/config is empty");
  configure("tokenFile: none");
  EXPECT_EQ(refused().message, "the token of user u of /home/dev/.kube/config cannot be read");
}

TEST_F(AccessTest, CertificatesAndAuthorities) {
  configure("client-certificate: c.pem, client-key-data: S0VZ",
            "server: 'https://k', certificate-authority-data: Q0E=, tls-server-name: kubernetes");
  fake.files.put("/home/dev/.kube/c.pem", "CERT");
  const Access found = access();
  EXPECT_EQ(found.tls.server_name, "kubernetes");
  EXPECT_EQ(found.tls.pem->authorities.text.reveal(), "CA");
  EXPECT_EQ(found.tls.pem->authorities.place, "cluster k of /home/dev/.kube/config");
  EXPECT_EQ(found.tls.pem->client_cert.text.reveal(), "CERT");
  EXPECT_EQ(found.tls.pem->client_cert.place, "/home/dev/.kube/c.pem");
  EXPECT_EQ(found.tls.pem->client_key.text.reveal(), "KEY");
  EXPECT_TRUE(found.token.empty());
  configure("client-certificate: none.pem, client-key-data: S0VZ");
  EXPECT_EQ(refused().message, "the client certificate of user u of /home/dev/.kube/config cannot be read");
  configure("token: t", "server: 'https://k', insecure-skip-tls-verify: true");
  EXPECT_FALSE(access().tls.verify);
}

TEST_F(AccessTest, APassword) {
  configure("username: dev, password: word");
  const Access found = access();
  EXPECT_EQ(found.scheme, "Basic ");
  EXPECT_EQ(found.token.reveal(), "ZGV2OndvcmQ=");
}

TEST_F(AccessTest, ActingAsSomebodyElse) {
  configure("token: t, as: build, as-uid: '7', as-groups: [a, b]");
  const Access found = access();
  EXPECT_EQ(found.acting_as.get("Impersonate-User"), "build");
  EXPECT_EQ(found.acting_as.get("Impersonate-Uid"), "7");
  EXPECT_EQ(found.acting_as.all("Impersonate-Group"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(found.who, "user u of /home/dev/.kube/config, acting as build");
}

TEST_F(AccessTest, NothingSecretGoesOverPlainHttp) {
  configure("token: s3cret", "server: 'http://localhost:8080'");
  const Access found = access();
  EXPECT_TRUE(found.token.empty());
  EXPECT_EQ(found.tls.pem, nullptr);
  EXPECT_EQ(found.withheld, "user u of /home/dev/.kube/config");
  EXPECT_EQ(found.address_hint, "is the server of cluster k of /home/dev/.kube/config right?");
  configure("as: build", "server: 'http://localhost:8080'");
  EXPECT_EQ(access().withheld, "") << "there is none";
  configure("token: s3cret");
  EXPECT_EQ(access().withheld, "");
}

TEST_F(AccessTest, ServersThatCannotBe) {
  for (const char* server : {"k.example:6443", "ftp://k", "https://", "https://k/?q", "https://u:s3cret@k"}) {
    configure("token: t", "server: '" + std::string(server) + "'");
    const Error error = refused();
    EXPECT_EQ(error.message, "the server of cluster k of /home/dev/.kube/config is no address of a server");
    EXPECT_EQ(error.hint, "write it as https://HOST:PORT");
    EXPECT_EQ(error.text().find("s3cret"), std::string::npos);
  }
}

TEST_F(AccessTest, AnExecPluginIsForThoseWhoHaveNothingElse) {
  const std::string exec =
      "exec: {command: login, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never}";
  configure(exec + ", token: t");
  EXPECT_EQ(access().token.reveal(), "t");
  EXPECT_TRUE(fake.processes.calls().empty());
  configure(exec);
  fake.processes.answer(ProcessOutput{
      0, R"({"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"x"}})",
      ""});
  EXPECT_EQ(access().token.reveal(), "x");
  EXPECT_EQ(fake.processes.calls().size(), 1U);
}

TEST_F(AccessTest, ThePodThatThisRunsIn) {
  fake.variables.values["KUBERNETES_SERVICE_HOST"] = "fd00::1";
  fake.variables.values["KUBERNETES_SERVICE_PORT"] = "443";
  EXPECT_EQ(refused().message, "the token of the pod's service account cannot be read");
  fake.files.put(pod, "s3cret\n");
  const Access found = access();
  EXPECT_EQ(found.name, "Kubernetes at https://[fd00::1]");
  EXPECT_EQ(found.who, "the pod's service account");
  EXPECT_EQ(found.token.reveal(), "s3cret");
  EXPECT_EQ(found.tls.ca_files,
            std::vector<std::string>{"/var/run/secrets/kubernetes.io/serviceaccount/ca.crt"});
  fake.variables.values["KUBERNETES_SERVICE_PORT"] = "443/x";
  EXPECT_EQ(refused().message, "KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT name no server");
  configure("token: t");
  EXPECT_EQ(access().token.reveal(), "t") << "a kubeconfig goes first";
}

TEST_F(AccessTest, NoCluster) {
  EXPECT_EQ(refused(),
            (Error{Code::not_found, "there is no Kubernetes cluster to ask",
                   "no cluster is configured in /home/dev/.kube/config, and this is no pod of a cluster",
                   "set KUBECONFIG to a kubeconfig file"}));
  fake.files.put("/home/dev/.kube/config", "contexts: [{name: a, context: {}}, {name: b, context: {}}]");
  EXPECT_EQ(refused(), (Error{Code::not_found, "no Kubernetes context is chosen",
                              "there is no current-context in /home/dev/.kube/config",
                              "kubectl config use-context NAME; there are: a, b"}));
  fake.variables.values.clear();
  EXPECT_EQ(refused().cause, "no cluster is configured in any file, and this is no pod of a cluster");
  fake.variables.values["KUBECONFIG"] = "/none";
  EXPECT_EQ(refused(),
            (Error{Code::not_found, "there is no Kubernetes cluster to ask",
                   "/none, which KUBECONFIG names, does not exist, and this is no pod of a cluster",
                   "set KUBECONFIG to a kubeconfig file that is there"}));
  fake.variables.values["KUBECONFIG"] = "/none:/nor";
  EXPECT_EQ(refused().cause,
            "/none, /nor, which KUBECONFIG names, do not exist, and this is no pod of a cluster");
}

}  // namespace
}  // namespace sigstore::keys::k8s
