#include "sigstore/net/testing/certificates.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <cstdlib>
#include <memory>

#include "sigstore/net/address.h"

namespace sigstore::net::testing {
namespace {

template <auto Free>
struct Delete {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Bio = std::unique_ptr<BIO, Delete<BIO_free>>;
using Key = std::unique_ptr<EVP_PKEY, Delete<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Delete<X509_free>>;

void require(bool done) {
  if (!done) std::abort();
}

std::string text_of(const Bio& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

Bio open(const std::string& text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

Identity to_pem(X509* certificate, EVP_PKEY* key) {
  const Bio first(BIO_new(BIO_s_mem())), second(BIO_new(BIO_s_mem()));
  require(PEM_write_bio_X509(first.get(), certificate) == 1);
  require(PEM_write_bio_PrivateKey(second.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return {text_of(first), text_of(second)};
}

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, Delete<X509_EXTENSION_free>> extension(
      X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
  require(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

void set_name(X509* certificate, const std::string& name) {
  X509_NAME* subject = X509_get_subject_name(certificate);
  const auto* bytes = reinterpret_cast<const unsigned char*>(name.data());
  require(X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8, bytes,
                                     static_cast<int>(name.size()), -1, 0) == 1);
}

void set_serial(X509* certificate) {
  std::uint64_t serial = 0;
  require(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1);
}

std::string alternatives(const std::vector<std::string>& hosts) {
  std::string text;
  for (const std::string& host : hosts)
    text += (text.empty() ? "" : ",") + std::string(parse_address(host) ? "IP:" : "DNS:") + host;
  return text;
}

Certificate describe(const CertificateOptions& options, EVP_PKEY* key) {
  Certificate made(X509_new());
  X509_set_version(made.get(), X509_VERSION_3);
  set_serial(made.get());
  set_name(made.get(), options.name);
  X509_set_pubkey(made.get(), key);
  X509_time_adj_ex(X509_getm_notBefore(made.get()), options.from_days, 0, nullptr);
  X509_time_adj_ex(X509_getm_notAfter(made.get()), options.to_days, 0, nullptr);
  return made;
}

}  // namespace

Identity make_certificate(const CertificateOptions& options, const Identity& issuer) {
  const Key key(EVP_EC_gen("P-256"));
  require(key != nullptr);
  const Certificate made = describe(options, key.get());
  Certificate parent;
  Key signer;
  if (!issuer.certificate.empty()) {
    parent.reset(PEM_read_bio_X509(open(issuer.certificate).get(), nullptr, nullptr, nullptr));
    signer.reset(PEM_read_bio_PrivateKey(open(issuer.key).get(), nullptr, nullptr, nullptr));
    require(parent && signer);
  }
  X509* by = parent ? parent.get() : made.get();
  X509_set_issuer_name(made.get(), X509_get_subject_name(by));
  add_extension(made.get(), by, NID_basic_constraints, options.authority ? "critical,CA:TRUE" : "CA:FALSE");
  add_extension(made.get(), by, NID_subject_key_identifier, "hash");
  if (!options.hosts.empty())
    add_extension(made.get(), by, NID_subject_alt_name, alternatives(options.hosts));
  require(X509_sign(made.get(), signer ? signer.get() : key.get(), EVP_sha256()) > 0);
  return to_pem(made.get(), key.get());
}

Identity make_authority(const std::string& name, const Identity& issuer) {
  return make_certificate({.name = name, .hosts = {}, .authority = true}, issuer);
}

}  // namespace sigstore::net::testing
