#include "cosign/commands/env/variables.h"

#include <algorithm>
#include <array>

#include "sigstore/codec/printable.h"

namespace cosign {
namespace {

constexpr std::array<KnownVariable, 61> known = {{
    {"BAO_ADDR", "is read where VAULT_ADDR is not set", "see VAULT_ADDR"},
    {"BAO_TOKEN", "is read where VAULT_TOKEN is not set, as each BAO_ name where its VAULT_ name is not",
     "see VAULT_TOKEN", true},
    {"CI_API_V4_URL", "is where GitLab answers one of its own jobs, when GITLAB_HOST is not set", "a URL"},
    {"COSIGN_DOCKER_MEDIA_TYPES", "to be used with registries that do not take OCI media types",
     "1 for Docker's media types in a new tag (0 by default)"},
    {"COSIGN_IMPORT_PASSWORD", "opens the key that import-key-pair is given in place of a question",
     "its password; empty is one, too (asks by default)", true},
    {"COSIGN_MAX_ATTACHMENT_SIZE",
     "bounds what is fetched of the attachments of one image (128MiB by default)",
     "a size, e.g. 5120, 20K, 3M, 45MiB, 1GB"},
    {"COSIGN_PASSWORD", "opens a private key in place of a question",
     "the password; empty is one, too (asks by default)", true},
    {"COSIGN_PKCS11_MODULE_PATH", "is the PKCS#11 module of pkcs11: keys that name none",
     "path to a shared library"},
    {"COSIGN_PKCS11_PIN", "opens a token in place of a question", "the PIN of its user", true},
    {"COSIGN_REPOSITORY", "is where signatures are kept when not beside the image",
     "a repository, without a tag"},
    {"DOCKER_CONFIG", "is the folder of docker's config.json", "path to a folder (~/.docker by default)"},
    {"GITHUB_API_URL", "is where GitHub answers one of its own jobs, when GITHUB_HOST is not set",
     "a URL (https://api.github.com by default)"},
    {"GITHUB_HOST", "is the GitHub of github:// keys", "https:// and a host"},
    {"GITHUB_TOKEN", "lets generate-key-pair write the secrets of GitHub",
     "a token with the scope repo, or admin:org", true},
    {"GITLAB_HOST", "is the GitLab of gitlab:// keys", "https:// and a host (https://gitlab.com by default)"},
    {"GITLAB_TOKEN", "lets gitlab:// keys be read and made", "a token with the scope api", true},
    {"HOME", "is where the files of docker and podman are looked for", "path to a folder"},
    {"HTTPS_PROXY", "is the proxy for https; https_proxy is read too", "a URL", true},
    {"HTTP_PROXY", "is the proxy for plain http; http_proxy is read too", "a URL", true},
    {"KUBECONFIG", "lists the files that say where the cluster of k8s:// keys is",
     "paths, separated by colons (~/.kube/config by default)"},
    {"KUBERNETES_SERVICE_HOST", "is where the cluster answers a pod, when there is no kubeconfig", "a host"},
    {"KUBERNETES_SERVICE_PORT", "is the port of KUBERNETES_SERVICE_HOST", "a number"},
    {"LISTEN_FDNAMES", "names the sockets that a service manager hands to registry serve",
     "names, separated by colons"},
    {"LISTEN_FDS", "counts the sockets that a service manager hands to registry serve", "a number"},
    {"LISTEN_PID", "says which process these sockets are for", "a process number"},
    {"NOTIFY_SOCKET", "is where registry serve tells a service manager how it is", "path to a socket"},
    {"NO_COLOR", "turns colour off", "anything that is not empty"},
    {"NO_PROXY", "lists what is reached without a proxy; no_proxy is read too",
     "hosts, domains and networks, separated by commas"},
    {"PATH", "is where credential helpers and key plugins are looked for", "folders, separated by colons"},
    {"REGISTRY_AUTH_FILE", "is a file of registry logins, read before docker's", "path to a file"},
    {"REQUEST_METHOD", "tells of a CGI program, in which HTTP_PROXY comes from outside and is not read",
     "set by web servers"},
    {"SIGSTORE_CT_LOG_PUBLIC_KEY_FILE",
     "is the key of a log of certificates to trust, without --trusted-root", "path to a public key"},
    {"SIGSTORE_NO_CACHE", "keeps nothing of what is fetched to know whom to trust",
     "true or false (false by default)"},
    {"SIGSTORE_REKOR_PUBLIC_KEY", "is the key of a transparency log to trust, without --trusted-root",
     "path to a public key"},
    {"SIGSTORE_ROOT_FILE", "is whom certificates of signers lead to, where no flag says it",
     "path to certificates: roots, and what leads to them"},
    {"SIGSTORE_TSA_CERTIFICATE_FILE", "is whom signed timestamps lead to, where no flag says it",
     "path to certificates: that of the authority, and what it leads to"},
    {"SOURCE_DATE_EPOCH",
     "overrides the current time for reproducible results, see "
     "https://reproducible-builds.org/docs/source-date-epoch/",
     "seconds since 1970"},
    {"SSL_CERT_DIR", "replaces the system's certificate authorities", "folders, separated by colons"},
    {"SSL_CERT_FILE", "replaces the system's certificate authorities", "path to a file"},
    {"TERM", "says what the terminal can do; dumb turns colour off", "name of a terminal"},
    {"TMPDIR", "is where policies are put for the program cue", "path to a folder (/tmp by default)"},
    {"TRANSIT_SECRET_ENGINE_PATH", "is where the transit engine of Vault is mounted",
     "a path (transit by default)"},
    {"TUF_MIRROR", "is the TUF repository that says whom to trust, before the one of the last initialize",
     "a URL, a folder, or a file of mirror create (https://tuf-repo-cdn.sigstore.dev by default)"},
    {"TUF_ROOT", "is where is kept whom to trust", "path to a folder (~/.sigstore/root by default)"},
    {"TUF_ROOT_JSON", "is where trust in TUF_MIRROR begins, without initialize", "path to a root.json"},
    {"VAULT_ADDR", "is where Vault or OpenBao is, for hashivault:// and openbao:// keys",
     "a URL, e.g. https://vault.example:8200"},
    {"VAULT_CACERT", "is trusted for Vault in place of the system's authorities", "path to a file"},
    {"VAULT_CACERT_BYTES", "is trusted for Vault in place of the system's authorities", "PEM text"},
    {"VAULT_CAPATH", "is trusted for Vault in place of the system's authorities",
     "path to a folder of files"},
    {"VAULT_CLIENT_CERT", "is the certificate that is shown to Vault", "path to a file"},
    {"VAULT_CLIENT_KEY", "is the key of VAULT_CLIENT_CERT", "path to a file"},
    {"VAULT_CONFIG_PATH", "is the file that names a token helper of Vault",
     "path to a file (~/.vault by default)"},
    {"VAULT_HEADERS", "is sent along to Vault", "a JSON object of headers", true},
    {"VAULT_KEY_PREFIX", "says which version of a key in Vault is used", "vault:vN: (the latest by default)"},
    {"VAULT_NAMESPACE", "is the namespace in Vault", "a path"},
    {"VAULT_PROXY_ADDR", "is refused where a key is in Vault: set HTTPS_PROXY", "not to be set"},
    {"VAULT_SKIP_VERIFY", "turns off the check of Vault's certificate", "true or false (false by default)"},
    {"VAULT_TLS_SERVER_NAME", "is the name that Vault's certificate has to have", "a host"},
    {"VAULT_TOKEN", "is the token that Vault is asked with",
     "a token (from a token helper or ~/.vault-token by default)", true},
    {"XDG_CONFIG_HOME", "is where podman keeps lasting logins", "path to a folder (~/.config by default)"},
    {"XDG_RUNTIME_DIR", "is where podman keeps logins until the next start", "path to a folder"},
}};

constexpr std::string_view mask = "******";

bool is_ours(std::string_view name) {
  return name.starts_with("COSIGN_") || name.starts_with("SIGSTORE_") || name.starts_with("TUF_");
}

bool is_known(std::string_view name) {
  return std::ranges::find(known, name, &KnownVariable::name) != known.end();
}

std::string line(std::string_view name, const std::string& value, bool hide) {
  const std::string shown = hide && !value.empty() ? std::string(mask) : sigstore::codec::printable(value);
  return std::string(name) + "=" + shown + "\n";
}

std::string description(std::string_view name, std::string_view text, std::string_view expects) {
  return "# " + std::string(name) + " " + std::string(text) + "\n# Expects: " + std::string(expects) + "\n";
}

}  // namespace

std::span<const KnownVariable> known_variables() {
  return known;
}

std::string environment_page(const sigstore::Variables& variables, const std::vector<std::string>& set,
                             const std::map<std::string, std::string>& flags, const EnvironmentPage& page) {
  std::string text;
  for (const KnownVariable& one : known) {
    if (page.descriptions) text += description(one.name, one.description, one.expects);
    const std::string value = variables.get(std::string(one.name)).value_or("");
    text += line(one.name, value, one.sensitive && !page.sensitive_values);
  }
  for (const std::string& name : set) {
    if (!is_ours(name) || is_known(name)) continue;
    const auto flag = flags.find(name);
    if (page.descriptions && flag != flags.end())
      text += description(name, "stands for " + flag->second, "what the flag takes");
    text += line(name, variables.get(name).value_or(""), !page.sensitive_values);
  }
  return text;
}

}  // namespace cosign
