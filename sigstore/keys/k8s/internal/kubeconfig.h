// kubectl's configuration files: which cluster is asked, and as whom. The form is that of `kind: Config`,
// `apiVersion: v1` (kubernetes.io, "kubeconfig (v1)"); of several files the first that has an entry wins.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sigstore/base/env.h"
#include "sigstore/codec/json.h"

namespace sigstore::keys::k8s {

// A program that gives credentials (client.authentication.k8s.io).
struct ExecPlugin {
  std::string command;  // looked up on PATH, or a path
  std::vector<std::string> arguments;
  std::vector<std::pair<std::string, Secret>> variables;
  std::string api_version;
  std::string install_hint;
  bool cluster_info = false;  // it is told which cluster it is for
};

// PEM in a file (its path, against the folder of the configuration), or in the configuration; or neither.
struct Material {
  std::string file;
  Secret pem;
  [[nodiscard]] bool empty() const { return file.empty() && pem.empty(); }
};

struct Cluster {
  std::string place;  // "cluster kind of /home/dev/.kube/config"
  std::string server;
  std::string server_name;
  bool insecure = false;
  Material authorities;
  std::string proxy;
  codec::json::Value exec_config;  // what this cluster has for exec plugins; null: nothing
};

struct User {
  std::string place;  // "user dev of /home/dev/.kube/config"; empty: nobody
  Secret token;
  std::string token_file;
  Material certificate, key;
  std::string name;  // with `password`, of basic authentication
  Secret password;
  std::optional<ExecPlugin> exec;
  std::string as, as_uid;  // whom to act as
  std::vector<std::string> as_groups;
};

struct Chosen {
  Cluster cluster;
  User user;
};

struct KubeconfigFile {
  std::string path;
  codec::json::Value root;  // an object, or null for an empty file
};

// The files of KUBECONFIG, a list with ':', else ~/.kube/config. There may be none of that name.
std::vector<std::string> kubeconfig_paths(const Variables& variables);

// Code::malformed or too_large when it is no kubeconfig. No content is in an error.
Result<KubeconfigFile> parse_kubeconfig(std::string_view text, const std::string& path);

// Those of `paths` that are there.
Result<std::vector<KubeconfigFile>> read_kubeconfigs(Files& files, const std::vector<std::string>& paths);

// What the current context names; nothing when no context is chosen. Code::malformed for what contradicts
// itself or is not there, unsupported for what cannot be done here.
Result<std::optional<Chosen>> choose(const std::vector<KubeconfigFile>& files);

// Names of contexts, for people.
std::vector<std::string> context_names(const std::vector<KubeconfigFile>& files);

}  // namespace sigstore::keys::k8s
