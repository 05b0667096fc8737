#include "sigstore/net/curl/internal/certificate_pool.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace sigstore::net {
namespace {

// Steps over one DER element that starts at `at`, or into it; false when it is none.
bool step(const std::uint8_t*& at, const std::uint8_t* end, bool into) {
  long length = 0;
  int tag = 0, kind = 0;
  const std::uint8_t* body = at;
  if (end - at < 2 || (ASN1_get_object(&body, &length, &tag, &kind, end - at) & 0x80) != 0) return false;
  at = into ? body : body + length;
  return at <= end;
}

// Certificate -> tbsCertificate -> [version,] serial, algorithm, issuer, validity, subject (RFC 5280 4.1).
BytesView subject_of(BytesView der) {
  const std::uint8_t* at = der.data();
  const std::uint8_t* end = at + der.size();
  if (!step(at, end, true) || !step(at, end, true)) return {};
  if (at < end && *at == 0xa0 && !step(at, end, false)) return {};
  for (int i = 0; i < 4; ++i)
    if (!step(at, end, false)) return {};
  const std::uint8_t* subject = at;
  return step(at, end, false) ? BytesView(subject, at) : BytesView();
}

// RFC 5280 section 7.1: names are equal beyond their encoding.
bool same_name(BytesView der, const X509_NAME* name) {
  const std::uint8_t* at = der.data();
  const std::unique_ptr<X509_NAME, TlsDelete<X509_NAME_free>> parsed(
      d2i_X509_NAME(nullptr, &at, static_cast<long>(der.size())));
  return parsed && X509_NAME_cmp(parsed.get(), name) == 0;
}

bool is_issuer(X509* certificate, X509* issuer) {
  return X509_check_issued(issuer, certificate) == X509_V_OK &&
         X509_verify(certificate, X509_get0_pubkey(issuer)) == 1;
}

// OpenSSL takes the first certificate whose name fits, and looks no further when its key does not: an
// authority that was renewed under its old name would hide behind it.
int find_issuer(X509** issuer, X509_STORE_CTX* chain, X509* certificate) {
  const int found = X509_STORE_CTX_get1_issuer(issuer, chain, certificate);
  if (found != 1) return found;
  STACK_OF(X509)* all = X509_STORE_CTX_get1_certs(chain, X509_get_issuer_name(certificate));
  for (int i = 0; sk_X509_num(all) > 1 && i < sk_X509_num(all); ++i) {
    X509* other = sk_X509_value(all, i);
    if (!is_issuer(certificate, other)) continue;
    X509_up_ref(other);
    X509_free(std::exchange(*issuer, other));
    break;
  }
  sk_X509_pop_free(all, X509_free);
  ERR_clear_error();
  return found;
}

}  // namespace

void CertificatePool::add_pem(std::string_view pem, const std::string& place) {
  if (pem.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return;
  const std::unique_ptr<BIO, TlsDelete<BIO_free>> input(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const std::size_t before = entries_.size();
  char* name = nullptr;
  char* header = nullptr;
  unsigned char* data = nullptr;
  long size = 0;
  while (input && PEM_read_bio(input.get(), &name, &header, &data, &size) == 1) {
    const std::string_view kind = name;
    if (kind == PEM_STRING_X509 || kind == PEM_STRING_X509_OLD) add(Bytes(data, data + size));
    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_clear_free(data, static_cast<std::size_t>(size));
  }
  ERR_clear_error();  // the end of the text is an error to PEM_read_bio
  const bool known = std::find(places_.begin(), places_.end(), place) != places_.end();
  if (entries_.size() > before && !known) places_.push_back(place);
}

// Folders hold each certificate several times: by its name, by its hash, in a bundle.
void CertificatePool::add(Bytes der) {
  if (std::any_of(entries_.begin(), entries_.end(), [&](const Entry& known) { return known.der == der; }))
    return;
  Entry entry{std::move(der), {}, nullptr};
  entry.subject = subject_of(entry.der);
  if (!entry.subject.empty()) entries_.push_back(std::move(entry));
}

X509* CertificatePool::parse(Entry& entry) {
  const std::uint8_t* at = entry.der.data();
  if (!entry.parsed) entry.parsed.reset(d2i_X509(nullptr, &at, static_cast<long>(entry.der.size())));
  return entry.parsed.get();
}

std::vector<X509*> CertificatePool::find(const X509_NAME* subject) {
  const std::uint8_t* der = nullptr;
  std::size_t size = 0;
  if (X509_NAME_get0_der(subject, &der, &size) != 1) return {};
  const std::lock_guard lock(mutex_);
  const auto collect = [&](auto&& equal) {
    std::vector<X509*> found;
    for (auto& entry : entries_)
      if (equal(entry.subject))
        if (X509* certificate = parse(entry)) found.push_back(certificate);
    return found;
  };
  auto found = collect([&](BytesView name) { return std::equal(name.begin(), name.end(), der, der + size); });
  if (found.empty()) found = collect([&](BytesView name) { return same_name(name, subject); });
  ERR_clear_error();  // of certificates and names that do not parse
  return found;
}

TrustStore::TrustStore() : store_(X509_STORE_new()) {
  static X509_LOOKUP_METHOD* const method = [] {
    X509_LOOKUP_METHOD* made = X509_LOOKUP_meth_new("certificates by subject");
    X509_LOOKUP_meth_set_get_by_subject(made, by_subject);
    return made;
  }();
  // As Go does: whatever is in a pool is trusted, also an intermediate or a server's own certificate.
  X509_STORE_set_flags(store_.get(), X509_V_FLAG_TRUSTED_FIRST | X509_V_FLAG_PARTIAL_CHAIN);
  X509_STORE_set_get_issuer(store_.get(), find_issuer);
  X509_LOOKUP_set_method_data(X509_STORE_add_lookup(store_.get(), method), this);
}

std::vector<std::string> TrustStore::places() const {
  std::vector<std::string> all;
  for (const auto& pool : pools_) all.insert(all.end(), pool->places().begin(), pool->places().end());
  return all;
}

// Puts all certificates of that subject into the store, where OpenSSL looks through them, and names the
// first.
int TrustStore::by_subject(X509_LOOKUP* lookup, X509_LOOKUP_TYPE type, const X509_NAME* name,
                           X509_OBJECT* found) {
  if (type != X509_LU_X509 || name == nullptr) return 0;
  const auto* trust = static_cast<const TrustStore*>(X509_LOOKUP_get_method_data(lookup));
  X509* first = nullptr;
  for (const auto& pool : trust->pools_)
    for (X509* certificate : pool->find(name)) {
      X509_STORE_add_cert(trust->get(), certificate);
      if (first == nullptr) first = certificate;
    }
  if (first == nullptr || X509_OBJECT_set1_X509(found, first) != 1) return 0;
  X509_free(first);  // `found` borrows: the caller counts a reference of its own
  return 1;
}

}  // namespace sigstore::net
