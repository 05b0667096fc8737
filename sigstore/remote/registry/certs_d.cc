#include "sigstore/remote/registry/certs_d.h"

#include <algorithm>

namespace sigstore::remote {
namespace {

std::string sibling(const std::string& path, std::size_t ending, const char* other) {
  return path.substr(0, path.size() - ending) + other;
}

// One folder HOST[:PORT].
Result<void> read_folder(Files& files, const std::string& folder, bool own_pool, net::TlsOptions& tls) {
  if (!files.is_directory(folder)) return {};
  auto names = files.list(folder);
  if (!names) return fail(names.error().wrap("cannot read the TLS files of the registry in " + folder));
  for (const std::string& name : *names) {
    const std::string path = folder + "/" + name;
    if (name.ends_with(".crt") && !own_pool) tls.extra_ca_files.push_back(path);
    if (name.ends_with(".key") && !files.exists(sibling(path, 4, ".cert")))
      return fail(Code::invalid_argument, "the client certificate for " + path + " is missing",
                  "a *.key and the *.cert of the same name belong together");
    if (!name.ends_with(".cert")) continue;
    const std::string key = sibling(path, 5, ".key");
    if (!files.exists(key))
      return fail(Code::invalid_argument, "the key for the client certificate " + path + " is missing",
                  "a *.key and the *.cert of the same name belong together");
    if (!tls.client_cert_file.empty()) continue;
    tls.client_cert_file = path;
    tls.client_key_file = key;
  }
  return {};
}

}  // namespace

std::vector<std::string> certs_d_folders(const Variables& variables) {
  std::vector<std::string> folders{"/etc/docker/certs.d", "/etc/containers/certs.d"};
  if (const auto home = variables.get("HOME"); home && !home->empty()) {
    folders.push_back(*home + "/.config/docker/certs.d");
    folders.push_back(*home + "/.config/containers/certs.d");
  }
  return folders;
}

Result<net::TlsOptions> with_certs_d(Files& files, const std::vector<std::string>& folders,
                                     const net::Url& url, net::TlsOptions tls) {
  const bool own_pool = !tls.ca_files.empty();
  std::vector<std::string> names{url.authority()};
  const std::string port = ":" + std::to_string(url.port);
  if (!url.authority().ends_with(port)) names.push_back(url.authority() + port);
  if (url.host == "index.docker.io") names.emplace_back("docker.io");
  for (const std::string& folder : folders)
    for (const std::string& name : names) TRY_OK(read_folder(files, folder + "/" + name, own_pool, tls));
  return tls;
}

}  // namespace sigstore::remote
