#include "sigstore/net/curl/internal/tls_settings.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include "sigstore/base/limits.h"
#include "sigstore/net/curl/internal/ca_files.h"

namespace sigstore::net {
namespace {

using BioPtr = std::unique_ptr<BIO, TlsDelete<BIO_free>>;

std::unexpected<Error> refuse(const std::string& what, const std::string& path, std::string why) {
  return fail(Code::tls, what + " in " + path + " cannot be used", std::move(why));
}

std::string last_reason() {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return reason != nullptr ? reason : "";
}

Result<Secret> read_file(Files& files, const std::string& what, const std::string& path) {
  auto text = files.read(path, limits::key_file_bytes);
  if (!text)
    return refuse(what, path, text.error().cause.empty() ? text.error().message : text.error().cause);
  Secret content{std::string_view(*text)};
  wipe(*text);
  return content;
}

// Part of the options or a file: where it stands, and its text.
struct Source {
  const TlsPem::Part* given;
  std::string place;

  [[nodiscard]] Result<Secret> read(Files& files, const std::string& what) const {
    if (given != nullptr) return given->text.clone();
    return read_file(files, what, place);
  }
};

Source source(const TlsPem* pem, TlsPem::Part TlsPem::* part, const std::string& file) {
  if (pem == nullptr || (pem->*part).text.empty()) return {nullptr, file};
  return {&(pem->*part), (pem->*part).place};
}

BioPtr open(const Secret& text) {
  return BioPtr(BIO_new_mem_buf(text.reveal().data(), static_cast<int>(text.size())));
}

// An encrypted key fails instead of asking at a terminal.
int no_password(char*, int, int, void*) {
  return -1;
}

}  // namespace

TlsSettings::TlsSettings(Files& files, TlsOptions options, SystemPool system_pool)
    : files_(files), options_(std::move(options)), system_pool_(std::move(system_pool)) {}

Result<void> TlsSettings::load_trust() {
  const std::lock_guard lock(mutex_);
  if (trust_loaded_) return {};
  TRY(auto pool, wanted_pool());
  TRY(auto extra, load_pool(files_, options_.extra_ca_files));
  if (pool->empty() && extra->empty()) return fail(no_authorities());
  trust_.fill({std::move(pool), std::move(extra)});
  trust_loaded_ = true;
  return {};
}

// Who is named counts alone.
Result<std::shared_ptr<CertificatePool>> TlsSettings::wanted_pool() const {
  const bool given = options_.pem != nullptr && !options_.pem->authorities.text.empty();
  if (options_.ca_files.empty() && !given) return system_pool_();
  TRY(auto pool, load_pool(files_, options_.ca_files));
  TRY_OK(add_given(*pool, options_.pem.get()));
  return pool;
}

// In place of OpenSSL's own verification, which it then goes on with.
int TlsSettings::verify(X509_STORE_CTX* chain, void* self) {
  auto loaded = static_cast<TlsSettings*>(self)->load_trust();
  if (loaded) return X509_verify_cert(chain);
  X509_STORE_CTX_set_error(chain, X509_V_ERR_APPLICATION_VERIFICATION);
  if (TlsObserver* observer = TlsObserver::of(chain)) observer->failure = std::move(loaded).error();
  return 0;
}

Result<const TlsSettings::Client*> TlsSettings::client() {
  const std::lock_guard lock(mutex_);
  if (!client_) {
    TRY(client_, load_client());
  }
  return client_.get();
}

Result<std::unique_ptr<TlsSettings::Client>> TlsSettings::load_client() const {
  auto client = std::make_unique<Client>();
  const auto at = source(options_.pem.get(), &TlsPem::client_cert, options_.client_cert_file);
  if (at.place.empty()) return client;
  auto key_at = source(options_.pem.get(), &TlsPem::client_key, options_.client_key_file);
  if (key_at.place.empty()) key_at = at;
  TRY(const Secret chain, at.read(files_, "the client certificate"));
  TRY(const Secret key, key_at.read(files_, "the client key"));
  const BioPtr certificates = open(chain);
  while (X509* certificate = PEM_read_bio_X509(certificates.get(), nullptr, no_password, nullptr))
    client->chain.emplace_back(certificate);
  ERR_clear_error();  // the end of the text is an error to PEM_read_bio
  if (client->chain.empty())
    return refuse("the client certificate", at.place, "there is no certificate in it");
  client->key.reset(PEM_read_bio_PrivateKey(open(key).get(), nullptr, no_password, nullptr));
  ERR_clear_error();
  if (!client->key)
    return refuse("the client key", key_at.place, "there is no key as PEM without a password in it");
  if (X509_check_private_key(client->chain.front().get(), client->key.get()) == 1) return client;
  ERR_clear_error();
  return refuse("the client key", key_at.place, "it does not belong to the certificate in " + at.place);
}

std::vector<std::string> TlsSettings::places() {
  const std::lock_guard lock(mutex_);
  return trust_.places();
}

const std::string& TlsSettings::client_place() const {
  const bool given = options_.pem != nullptr && !options_.pem->client_cert.text.empty();
  return given ? options_.pem->client_cert.place : options_.client_cert_file;
}

Result<void> TlsSettings::apply(SSL_CTX* context, TlsObserver& observer) {
  TRY(const Client* use, client());
  observer.watch(context);
  if (options_.verify) {
    SSL_CTX_set1_cert_store(context, trust_.get());
    SSL_CTX_set_cert_verify_callback(context, verify, this);
  }
  if (use->chain.empty()) return {};
  bool done = SSL_CTX_use_certificate(context, use->chain.front().get()) == 1 &&
              SSL_CTX_use_PrivateKey(context, use->key.get()) == 1;
  for (std::size_t i = 1; i < use->chain.size(); ++i)
    done = done && SSL_CTX_add1_chain_cert(context, use->chain[i].get()) == 1;
  if (done) return {};
  return refuse("the client certificate", client_place(), last_reason());
}

}  // namespace sigstore::net
