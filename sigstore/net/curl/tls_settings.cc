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

Result<const TlsSettings::Loaded*> TlsSettings::loaded() {
  const std::lock_guard lock(mutex_);
  if (loaded_) return loaded_.get();
  auto made = std::make_unique<Loaded>();
  if (options_.verify) TRY_OK(load_trust(*made));
  TRY_OK(load_client(*made));
  loaded_ = std::move(made);
  return loaded_.get();
}

Result<void> TlsSettings::load_trust(Loaded& into) {
  TRY(auto pool, options_.ca_files.empty() ? system_pool_() : load_pool(files_, options_.ca_files));
  TRY(auto extra, load_pool(files_, options_.extra_ca_files));
  if (pool->empty() && extra->empty()) return fail(no_authorities());
  into.trust = std::make_unique<TrustStore>(std::vector{std::move(pool), std::move(extra)});
  return {};
}

Result<void> TlsSettings::load_client(Loaded& into) {
  const std::string& file = options_.client_cert_file;
  if (file.empty()) return {};
  const std::string& key_file = options_.client_key_file.empty() ? file : options_.client_key_file;
  TRY(const Secret chain, read_file(files_, "the client certificate", file));
  TRY(const Secret key, read_file(files_, "the client key", key_file));
  const BioPtr certificates = open(chain);
  while (X509* certificate = PEM_read_bio_X509(certificates.get(), nullptr, no_password, nullptr))
    into.client_chain.emplace_back(certificate);
  ERR_clear_error();  // the end of the text is an error to PEM_read_bio
  if (into.client_chain.empty())
    return refuse("the client certificate", file, "there is no certificate in it");
  into.client_key.reset(PEM_read_bio_PrivateKey(open(key).get(), nullptr, no_password, nullptr));
  ERR_clear_error();
  if (!into.client_key)
    return refuse("the client key", key_file, "there is no key as PEM without a password in it");
  if (X509_check_private_key(into.client_chain.front().get(), into.client_key.get()) == 1) return {};
  ERR_clear_error();
  return refuse("the client key", key_file, "it does not belong to the certificate in " + file);
}

std::vector<std::string> TlsSettings::places() {
  const std::lock_guard lock(mutex_);
  return loaded_ && loaded_->trust ? loaded_->trust->places() : std::vector<std::string>();
}

Result<void> TlsSettings::apply(SSL_CTX* context, TlsObserver& observer) {
  TRY(const Loaded* use, loaded());
  if (use->trust) SSL_CTX_set1_cert_store(context, use->trust->get());
  observer.watch(context);
  if (use->client_chain.empty()) return {};
  bool done = SSL_CTX_use_certificate(context, use->client_chain.front().get()) == 1 &&
              SSL_CTX_use_PrivateKey(context, use->client_key.get()) == 1;
  for (std::size_t i = 1; i < use->client_chain.size(); ++i)
    done = done && SSL_CTX_add1_chain_cert(context, use->client_chain[i].get()) == 1;
  if (done) return {};
  return refuse("the client certificate", options_.client_cert_file, last_reason());
}

}  // namespace sigstore::net
