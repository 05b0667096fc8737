#include "cosign/verification/trust_flags.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "cosign/verification/named_file.h"
#include "sigstore/base/limits.h"
#include "sigstore/bundle/material.h"
#include "sigstore/codec/pem.h"

namespace cosign {
namespace {

namespace pem = sigstore::codec::pem;
using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::crypto::PublicKey;
using sigstore::crypto::x509::Authority;
using sigstore::crypto::x509::Certificate;
using sigstore::trust::CertificateAuthority;
using sigstore::trust::Log;
using sigstore::trust::TrustedRoot;
using sigstore::verify::TrustedParties;
using Certificates = std::vector<Certificate>;

// A file that a flag names or, where it does not, a variable.
struct Named {
  std::string path;  // empty: none
  std::string by;    // "--ca-roots", "SIGSTORE_ROOT_FILE"
};

// One for each key in a file: a log and its successor, or logs of certificates. They count at any time;
// nothing else is known of them.
Result<std::vector<Log>> list_logs(const std::string& content, const std::string& path) {
  std::vector<std::string> pems;
  if (const auto blocks = pem::parse(content, path))
    for (const pem::Block& block : *blocks) pems.push_back(pem::encode(block.label, block.body));
  else
    pems.push_back(content);  // which is refused as a key, with what it looks like
  std::vector<Log> logs;
  for (const std::string& text : pems) {
    TRY(const auto key, PublicKey::from_pem(text, path));
    TRY(auto log, sigstore::trust::list_log(key, {}, {}));
    logs.push_back(std::move(log));
  }
  return logs;
}

class Reading {
 public:
  explicit Reading(Session& session) : session_(session) {}

  [[nodiscard]] Named named(const char* flag, const std::string& path, const char* variable) const {
    if (!path.empty()) return {path, flag};
    return {session_.env().variables->get(variable).value_or(""), variable};
  }

  Result<std::string> text(const Named& file, std::size_t most) const {
    return read_named(session_, file.path, file.by, most);
  }

  Result<Certificates> certificates(const Named& file) const {
    TRY(const auto content, text(file, sigstore::limits::pem_bytes));
    const auto ders = sigstore::bundle::read_certificates(content, file.path, sigstore::limits::pem_blocks);
    if (!ders) return fail(ders.error().wrap("what " + file.by + " names holds no certificates"));
    Certificates certificates;
    for (const sigstore::Bytes& der : *ders) {
      auto one = Certificate::parse(der);
      if (!one)
        return fail(
            one.error().wrap(file.path + " (" + file.by + ") holds a certificate that cannot be used"));
      certificates.push_back(std::move(*one));
    }
    return certificates;
  }

  Result<std::vector<Log>> logs(const char* variable) const {
    const Named file = named("", "", variable);
    if (file.path.empty()) return std::vector<Log>();
    TRY(const auto content, text(file, sigstore::limits::key_file_bytes));
    auto logs = list_logs(content, file.path);
    if (!logs) return fail(logs.error().wrap("what " + file.by + " names is no key of a log"));
    return logs;
  }

 private:
  Session& session_;
};

CertificateAuthority authority(Certificates chain) {
  CertificateAuthority authority;
  authority.chain = std::move(chain);
  return authority;
}

// A file with roots and what leads to them, in any order: roots are those that vouch for themselves.
struct Pools {
  Certificates roots, between;
};
Pools pools(Certificates certificates) {
  const auto roots = std::ranges::stable_partition(
      certificates, [](const Certificate& certificate) { return !certificate.self_issued(); });
  return {{roots.begin(), roots.end()}, {certificates.begin(), roots.begin()}};
}

std::unexpected<sigstore::Error> unusable(const Named& file, const std::string& what, std::string cause) {
  return fail(Code::invalid_argument, file.path + " (" + file.by + ") " + what, std::move(cause));
}

// The same of timestamps: what is no authority is the certificate that signs them, and stands first.
Result<std::vector<CertificateAuthority>> timestamp_authorities(Certificates certificates,
                                                                const Named& file) {
  const auto rest = std::ranges::stable_partition(
      certificates, [](const Certificate& certificate) { return !certificate.is_ca(); });
  const auto leaves = rest.begin() - certificates.begin();
  if (leaves > 1)
    return unusable(file, "holds the certificates of " + std::to_string(leaves) + " timestamp authorities",
                    "it may be one");
  const auto [roots, between] = pools(std::move(certificates));
  if (roots.empty()) return unusable(file, "holds no root", "none of its certificates vouches for itself");
  std::vector<CertificateAuthority> all;
  for (const Certificate& root : roots) {
    Certificates chain = between;
    chain.push_back(root);
    all.push_back(authority(std::move(chain)));
  }
  return all;
}

class Assembly {
 public:
  Assembly(Session& session, const TrustFlags& flags) : reading_(session), flags_(flags) {}

  Result<std::shared_ptr<const TrustedParties>> whole() const {
    TRY(const auto text,
        reading_.text({flags_.trusted_root, "--trusted-root"}, sigstore::limits::trusted_root_bytes));
    auto root = TrustedRoot::parse(text, flags_.trusted_root == "-" ? "standard input" : flags_.trusted_root);
    if (!root)
      return fail(root.error()
                      .wrap("what --trusted-root names is no trusted root that can be used")
                      .with_hint("give a trusted_root.json, as the TUF repository of a Sigstore has it or "
                                 "cosign trusted-root create "
                                 "writes it"));
    return TrustedParties::from(std::move(*root));
  }

  Result<std::shared_ptr<const TrustedParties>> parts() const {
    TrustedRoot root;
    TRY(root.certificate_authorities, chain());
    TRY(auto pool, signers());
    TRY(root.timestamp_authorities, timestamps());
    TRY(root.tlogs, reading_.logs("SIGSTORE_REKOR_PUBLIC_KEY"));
    TRY(root.ctlogs, reading_.logs("SIGSTORE_CT_LOG_PUBLIC_KEY_FILE"));
    if (root == TrustedRoot() && pool.empty()) return nullptr;
    return TrustedParties::from(std::move(root), std::move(pool));
  }

 private:
  Result<std::vector<CertificateAuthority>> chain() const {
    if (flags_.certificate_chain.empty()) return std::vector<CertificateAuthority>();
    TRY(auto chain, reading_.certificates({flags_.certificate_chain, "--certificate-chain"}));
    return std::vector{authority(std::move(chain))};
  }

  // All that --ca-roots names are roots.
  Result<Pools> pools_of(const Named& file) const {
    TRY(auto certificates, reading_.certificates(file));
    if (flags_.ca_roots.empty()) return pools(std::move(certificates));
    Pools both{std::move(certificates), {}};
    if (!flags_.ca_intermediates.empty()) {
      TRY(both.between, reading_.certificates({flags_.ca_intermediates, "--ca-intermediates"}));
    }
    return both;
  }

  Result<std::vector<Authority>> signers() const {
    if (!flags_.certificate_chain.empty()) return std::vector<Authority>();
    const Named file = reading_.named("--ca-roots", flags_.ca_roots, "SIGSTORE_ROOT_FILE");
    if (file.path.empty()) return std::vector<Authority>();
    TRY(auto both, pools_of(file));
    if (both.roots.empty())
      return unusable(file, "holds no root", "none of its certificates vouches for itself");
    TRY(auto one, Authority::from_pools(std::move(both.roots), std::move(both.between)));
    return std::vector{std::move(one)};
  }

  Result<std::vector<CertificateAuthority>> timestamps() const {
    const Named file = reading_.named("--timestamp-certificate-chain", flags_.timestamp_chain,
                                      "SIGSTORE_TSA_CERTIFICATE_FILE");
    if (file.path.empty()) return std::vector<CertificateAuthority>();
    TRY(auto certificates, reading_.certificates(file));
    return timestamp_authorities(std::move(certificates), file);
  }

  Reading reading_;
  const TrustFlags& flags_;
};

}  // namespace

void TrustFlags::declare(FlagSet& flags) {
  flags.text("trusted-root", &trusted_root, "FILE",
             "the authorities and logs to trust: a trusted_root.json, as `cosign trusted-root create` writes "
             "it; without "
             "it those of the Sigstore that `cosign initialize` chose");
}

void TrustFlags::declare_rest(FlagSet& flags) {
  const auto file = [&](const char* name, std::string* target, const char* help) {
    flags.text(name, target, "FILE", help);
  };
  file("certificate-chain", &certificate_chain,
       "the authority of the signer's certificate in place of --trusted-root: its issuer first, the root "
       "last");
  file("ca-roots", &ca_roots, "roots that a signer's certificate may lead to, in place of --trusted-root");
  file("ca-intermediates", &ca_intermediates, "certificates between the signer's and --ca-roots");
  file("timestamp-certificate-chain", &timestamp_chain,
       "the authority of signed timestamps in place of --trusted-root, and demands one");
}

Result<void> TrustFlags::check() const {
  const std::array<std::pair<const char*, const std::string*>, 4> parts = {
      {{"--certificate-chain", &certificate_chain},
       {"--ca-roots", &ca_roots},
       {"--ca-intermediates", &ca_intermediates},
       {"--timestamp-certificate-chain", &timestamp_chain}}};
  for (const auto& [name, path] : parts)
    if (!trusted_root.empty() && !path->empty())
      return fail(Code::invalid_argument, "--trusted-root and " + std::string(name) + " exclude each other",
                  {}, "cosign trusted-root create puts all authorities and logs into one file");
  if (!certificate_chain.empty() && (!ca_roots.empty() || !ca_intermediates.empty()))
    return fail(Code::invalid_argument, "--certificate-chain excludes --ca-roots and --ca-intermediates");
  if (!ca_intermediates.empty() && ca_roots.empty())
    return fail(Code::invalid_argument, "--ca-intermediates needs --ca-roots");
  return {};
}

bool TrustFlags::names_issuer(Session& session) const {
  return !trusted_root.empty() || !certificate_chain.empty() || !ca_roots.empty() ||
         !session.env().variables->get("SIGSTORE_ROOT_FILE").value_or("").empty();
}

Result<std::shared_ptr<const TrustedParties>> TrustFlags::open(Session& session) const {
  const Assembly assembly(session, *this);
  return trusted_root.empty() ? assembly.parts() : assembly.whole();
}

}  // namespace cosign
