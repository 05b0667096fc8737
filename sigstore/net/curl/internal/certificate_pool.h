// CA certificates that are parsed only when a chain asks for them: decoding all 140 of a system's bundle
// costs tens of milliseconds and megabytes, finding one by its subject's bytes costs neither.
#pragma once

#include <openssl/x509.h>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "sigstore/base/bytes.h"

namespace sigstore::net {

template <auto Free>
struct TlsDelete {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using CertificatePtr = std::unique_ptr<X509, TlsDelete<X509_free>>;

// Filled by one thread, then asked by any.
class CertificatePool {
 public:
  // The certificates in a PEM text; what else is in it does not matter. `place` names it in errors.
  void add_pem(std::string_view pem, const std::string& place);
  [[nodiscard]] bool empty() const { return entries_.empty(); }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  // Where its certificates come from, each place once.
  [[nodiscard]] const std::vector<std::string>& places() const { return places_; }
  // All of that subject; they live as long as the pool.
  std::vector<X509*> find(const X509_NAME* subject);

 private:
  struct Entry {
    Bytes der;
    BytesView subject;  // in `der`
    CertificatePtr parsed;
  };
  void add(Bytes der);
  static X509* parse(Entry& entry);

  std::mutex mutex_;  // of `parsed`
  std::vector<Entry> entries_;
  std::vector<std::string> places_;
};

// An X509_STORE over pools.
class TrustStore {
 public:
  TrustStore();
  // Once, before the store is asked for anything.
  void fill(std::vector<std::shared_ptr<CertificatePool>> pools) { pools_ = std::move(pools); }
  TrustStore(const TrustStore&) = delete;
  TrustStore& operator=(const TrustStore&) = delete;
  // Whoever takes a reference asks nothing of it once this object is dead.
  [[nodiscard]] X509_STORE* get() const { return store_.get(); }
  [[nodiscard]] std::vector<std::string> places() const;

 private:
  static int by_subject(X509_LOOKUP* lookup, X509_LOOKUP_TYPE type, const X509_NAME* name,
                        X509_OBJECT* found);

  std::vector<std::shared_ptr<CertificatePool>> pools_;
  std::unique_ptr<X509_STORE, TlsDelete<X509_STORE_free>> store_;
};

}  // namespace sigstore::net
