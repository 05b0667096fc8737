#include "sigstore/keys/k8s/internal/kubeconfig.h"

#include <gtest/gtest.h>

#include "sigstore/base/limits.h"
#include "sigstore/base/testing/fake_env.h"

namespace sigstore::keys::k8s {
namespace {

constexpr const char* kind = R"(
apiVersion: v1
kind: Config
current-context: kind-dev
clusters:
- name: kind-dev
  cluster:
    server: https://127.0.0.1:6443
    tls-server-name: kubernetes
    certificate-authority-data: Q0E=
- name: lab
  cluster: {server: "https://lab.example/k8s/clusters/c-1", certificate-authority: ca.pem}
contexts:
- name: kind-dev
  context: {cluster: kind-dev, user: admin, namespace: default}
- name: lab
  context: {cluster: lab, user: robot}
users:
- name: admin
  user:
    client-certificate-data: Q0VSVA==
    client-key-data: |
      S0
      VZ
- name: robot
  user: {tokenFile: secrets/token, token: s3cret}
)";

class KubeconfigTest : public ::testing::Test {
 protected:
  fakes::MemoryFiles files;
  fakes::MapVariables variables;

  Result<std::optional<Chosen>> choose_from(const std::vector<std::string>& texts) {
    std::vector<KubeconfigFile> read;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      TRY(auto file, parse_kubeconfig(texts[i], "/etc/kube/" + std::to_string(i)));
      read.push_back(std::move(file));
    }
    return choose(read);
  }
  Error refused(const std::string& text) {
    const auto chosen = choose_from({text});
    EXPECT_FALSE(chosen) << text;
    return chosen ? Error{} : chosen.error();
  }
  // With one cluster and one user, of these members (flow style).
  static std::string config(const std::string& cluster, const std::string& user) {
    return "current-context: c\ncontexts: [{name: c, context: {cluster: k, user: u}}]\n"
           "clusters: [{name: k, cluster: {" +
           cluster + "}}]\nusers: [{name: u, user: {" + user + "}}]\n";
  }
  std::string user_refused(const std::string& user) {
    return refused(config("server: https://k", user)).text();
  }
  std::string cluster_refused(const std::string& cluster) {
    return refused(config(cluster, "token: t")).text();
  }
};

TEST_F(KubeconfigTest, Paths) {
  EXPECT_TRUE(kubeconfig_paths(variables).empty());
  variables.values["HOME"] = "/home/dev";
  EXPECT_EQ(kubeconfig_paths(variables), std::vector<std::string>{"/home/dev/.kube/config"});
  variables.values["KUBECONFIG"] = "";
  EXPECT_EQ(kubeconfig_paths(variables), std::vector<std::string>{"/home/dev/.kube/config"});
  variables.values["KUBECONFIG"] = "/a::b:/a:c";
  EXPECT_EQ(kubeconfig_paths(variables), (std::vector<std::string>{"/a", "b", "c"}));
}

TEST_F(KubeconfigTest, WhatIsInTheFile) {
  const auto chosen = choose_from({kind});
  ASSERT_TRUE(chosen && *chosen) << chosen.error().text();
  EXPECT_EQ((*chosen)->cluster.place, "cluster kind-dev of /etc/kube/0");
  EXPECT_EQ((*chosen)->cluster.server, "https://127.0.0.1:6443");
  EXPECT_EQ((*chosen)->cluster.server_name, "kubernetes");
  EXPECT_EQ((*chosen)->cluster.authorities.pem.reveal(), "CA");
  EXPECT_EQ((*chosen)->user.place, "user admin of /etc/kube/0");
  EXPECT_EQ((*chosen)->user.certificate.pem.reveal(), "CERT");
  EXPECT_EQ((*chosen)->user.key.pem.reveal(), "KEY");
  EXPECT_TRUE((*chosen)->user.token.empty());
}

TEST_F(KubeconfigTest, PathsStartAtTheFileThatNamesThem) {
  const auto chosen = choose_from({"current-context: lab", kind});
  ASSERT_TRUE(chosen && *chosen) << chosen.error().text();
  EXPECT_EQ((*chosen)->cluster.authorities.file, "/etc/kube/ca.pem");
  EXPECT_EQ((*chosen)->user.token_file, "/etc/kube/secrets/token");
  EXPECT_EQ((*chosen)->user.token.reveal(), "s3cret");
}

TEST_F(KubeconfigTest, TheFirstFileThatHasAnEntryWins) {
  const std::string first = "clusters: [{name: kind-dev, cluster: {server: 'https://other'}}]";
  const auto chosen = choose_from({"", first, kind, "current-context: lab"});
  ASSERT_TRUE(chosen && *chosen) << chosen.error().text();
  EXPECT_EQ((*chosen)->cluster.server, "https://other");
  EXPECT_EQ((*chosen)->cluster.server_name, "") << "an entry is taken whole";
  EXPECT_EQ((*chosen)->user.place, "user admin of /etc/kube/2");
}

TEST_F(KubeconfigTest, JsonIsYaml) {
  EXPECT_TRUE(choose_from({R"({"kind":"Config","current-context":"c","users":null,
    "contexts":[{"name":"c","context":{"cluster":"k","user":""}}],
    "clusters":[{"name":"k","cluster":{"server":"https://k","insecure-skip-tls-verify":true}}]})"})
                  ->has_value());
}

TEST_F(KubeconfigTest, NothingIsChosen) {
  for (const char* text : {"", "---\n", "kind: Config", "current-context: ''\ncontexts: []", "{}"}) {
    const auto chosen = choose_from({text});
    ASSERT_TRUE(chosen) << text << chosen.error().text();
    EXPECT_FALSE(*chosen) << text;
  }
  EXPECT_FALSE(*choose_from({}));
}

TEST_F(KubeconfigTest, FilesThatAreMissingOrBad) {
  EXPECT_TRUE(read_kubeconfigs(files, {"/none"})->empty());
  files.put("/a", kind);
  EXPECT_EQ(read_kubeconfigs(files, {"/none", "/a"})->size(), 1U);
  files.put("/bad", "token: [s3cret");
  const auto bad = read_kubeconfigs(files, {"/a", "/bad"});
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, Code::malformed);
  EXPECT_EQ(bad.error().message, "the kubeconfig /bad cannot be used");
  EXPECT_EQ(bad.error().text().find("s3cret"), std::string::npos) << bad.error().text();
  files.put("/huge", std::string(limits::kubeconfig_bytes + 1, ' '));
  EXPECT_EQ(read_kubeconfigs(files, {"/huge"}).error().code, Code::too_large);
}

TEST_F(KubeconfigTest, TextsThatAreNoKubeconfig) {
  EXPECT_EQ(refused("kind: Pod").text(), "/etc/kube/0 is no kubeconfig: it is of another kind than Config");
  EXPECT_EQ(refused("- a").text(), "/etc/kube/0 is no kubeconfig");
  EXPECT_EQ(refused("a: 1\n---\nb: 1").code, Code::too_large);
  EXPECT_EQ(refused("current-context: 7").code, Code::malformed);
  std::string bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n";
  for (char c = 'b'; c <= 'j'; ++c) {
    const std::string before(1, static_cast<char>(c - 1));
    bomb += std::string(1, c) + ": &" + c + " [";
    for (int i = 0; i < 10; ++i) bomb += "*" + before + ",";
    bomb += "]\n";
  }
  EXPECT_EQ(refused(bomb).code, Code::too_large);
}

TEST_F(KubeconfigTest, WhatIsNotThere) {
  const Error context = refused("current-context: nope\ncontexts: []");
  EXPECT_EQ(context.text(), "there is no context nope in the kubeconfig: current-context names it");
  EXPECT_EQ(context.hint, "see: kubectl config view");
  EXPECT_EQ(refused("current-context: c\ncontexts: [{name: c, context: {cluster: k, user: u}}]").text(),
            "there is no cluster k in the kubeconfig: context c of /etc/kube/0 names it");
  EXPECT_EQ(refused("current-context: c\ncontexts: [{name: c, context: {cluster: k, user: u}}]\n"
                    "clusters: [{name: k, cluster: {server: 'https://k'}}]")
                .text(),
            "there is no user u in the kubeconfig: context c of /etc/kube/0 names it");
  EXPECT_EQ(refused("current-context: c\ncontexts: [{name: c, context: {}}, {name: c, context: {}}]").text(),
            "context c stands twice in /etc/kube/0");
  EXPECT_EQ(refused("current-context: c\ncontexts: [{name: c, context: 7}]").text(),
            "context c of /etc/kube/0 is no object");
}

TEST_F(KubeconfigTest, ClustersThatCannotBe) {
  EXPECT_EQ(cluster_refused(""), "cluster k of /etc/kube/0 has no server");
  EXPECT_EQ(cluster_refused("server: https://k, certificate-authority: a, certificate-authority-data: Q0E="),
            "cluster k of /etc/kube/0 has both certificate-authority and certificate-authority-data");
  EXPECT_EQ(cluster_refused("server: https://k, certificate-authority-data: '%%'"),
            "certificate-authority-data of cluster k of /etc/kube/0 is no base64");
  EXPECT_EQ(cluster_refused("server: https://k, insecure-skip-tls-verify: 'yes'"),
            "insecure-skip-tls-verify of cluster k of /etc/kube/0 is neither true nor false");
  EXPECT_TRUE(cluster_refused("server: https://k, certificate-authority: a, insecure-skip-tls-verify: true")
                  .starts_with("cluster k of /etc/kube/0 has a certificate authority, and insecure"));
  EXPECT_EQ(cluster_refused("server: https://k, proxy-url: http://p"),
            "proxy-url of cluster k of /etc/kube/0 is not supported");
}

TEST_F(KubeconfigTest, UsersThatCannotBe) {
  EXPECT_EQ(user_refused("token: s3cret, username: u"), "user u of /etc/kube/0 has a token and a password");
  EXPECT_EQ(user_refused("client-certificate: a"),
            "user u of /etc/kube/0 has a client certificate without its key");
  EXPECT_EQ(user_refused("auth-provider: {name: gcp}"),
            "user u of /etc/kube/0 has an auth-provider, which is not supported");
  EXPECT_EQ(user_refused("as-groups: [g]"), "user u of /etc/kube/0 has as-uid or as-groups without as");
  EXPECT_EQ(user_refused("as: a, as-user-extra: {}"),
            "as-user-extra of user u of /etc/kube/0 is not supported");
  EXPECT_EQ(user_refused("token: {}").find("s3cret"), std::string::npos);
  EXPECT_EQ(user_refused("as: a, as-groups: [[]]"),
            "as-groups of user u of /etc/kube/0 is no list of strings");
}

TEST_F(KubeconfigTest, AnExecPlugin) {
  const auto chosen =
      choose_from({config("server: https://k, extensions: [{name: "
                          "client.authentication.k8s.io/exec, extension: {audience: a}}]",
                          "exec: {command: bin/login, args: [a, b], env: [{name: A, value: b}], "
                          "apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, "
                          "provideClusterInfo: true, installHint: get it}")});
  ASSERT_TRUE(chosen && *chosen) << chosen.error().text();
  const auto& plugin = (*chosen)->user.exec;
  ASSERT_TRUE(plugin);
  EXPECT_EQ(plugin->command, "/etc/kube/bin/login");
  EXPECT_EQ(plugin->arguments, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(plugin->variables.at(0).first, "A");
  EXPECT_EQ(plugin->variables.at(0).second.reveal(), "b");
  EXPECT_TRUE(plugin->cluster_info);
  EXPECT_EQ(plugin->install_hint, "get it");
  EXPECT_NE((*chosen)->cluster.exec_config.get("audience"), nullptr);
}

TEST_F(KubeconfigTest, ExecPluginsThatCannotBe) {
  const std::string good = "apiVersion: client.authentication.k8s.io/v1";
  const std::string exec = "exec of user u of /etc/kube/0 ";
  EXPECT_EQ(user_refused("exec: {command: ''}"), exec + "names no command");
  EXPECT_EQ(user_refused("exec: {command: x}"), exec + "is of the version \"\"");
  EXPECT_EQ(user_refused("exec: {command: x, apiVersion: client.authentication.k8s.io/v1alpha1}"),
            exec + "is of the version client.authentication.k8s.io/v1alpha1");
  EXPECT_EQ(user_refused("exec: {command: x, interactiveMode: Always, " + good + "}"),
            "the program that gives the credentials of user u of /etc/kube/0 wants a terminal");
  EXPECT_EQ(user_refused("exec: {command: x, env: [{name: 'A;B', value: b}], " + good + "}"),
            "env of exec of user u of /etc/kube/0 has a name that cannot be one");
}

}  // namespace
}  // namespace sigstore::keys::k8s
