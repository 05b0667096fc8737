// A registry without a socket, for tests: what a client would say, and what it would hear.
#pragma once

#include <array>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "server/registry/registry.h"
#include "sigstore/base/testing/fake_env.h"
#include "sigstore/codec/hex.h"
#include "sigstore/codec/json.h"
#include "sigstore/content/folder.h"
#include "sigstore/content/memory.h"
#include "sigstore/crypto/hash.h"

namespace server::registry::testing {

namespace json = sigstore::codec::json;
namespace media_type = sigstore::oci::media_type;
using sigstore::net::Headers;
using sigstore::oci::Descriptor;
using sigstore::oci::Digest;

// A request's body: all of it, or an error after `good` bytes.
class Body final : public sigstore::FileReader {
 public:
  explicit Body(std::string text) : text_(std::move(text)) {}
  Body(std::string good, sigstore::Code code) : text_(std::move(good)), code_(code) {}
  sigstore::Result<std::size_t> read(std::span<std::uint8_t> out) override {
    const std::size_t size = text_.copy(reinterpret_cast<char*>(out.data()), out.size());
    text_.erase(0, size);
    if (size == 0 && code_) return sigstore::fail(*code_, "the client is gone");
    return size;
  }

 private:
  std::string text_;
  std::optional<sigstore::Code> code_;
};

inline std::string sha512_of(std::string_view content) {
  using sigstore::crypto::HashAlgorithm;
  return "sha512:" + sigstore::codec::hex::encode(
                         sigstore::crypto::hash(HashAlgorithm::sha512, sigstore::as_bytes(content)));
}

// What a test needs to work before it can begin.
inline void need(bool works, const std::string& what) {
  if (!works) throw std::runtime_error(what);
}

struct Reply {
  int status = 0;
  Headers headers;
  std::string body;
  std::uint64_t size = 0;  // that the answer declares

  [[nodiscard]] std::string header(std::string_view name) const { return headers.get(name).value_or(""); }
  // The code of the first error in the body.
  [[nodiscard]] std::string error() const {
    const auto document = json::parse(body, "error");
    const json::Value* errors = document ? document->get("errors") : nullptr;
    if (errors == nullptr || errors->array() == nullptr || errors->array()->empty()) return "";
    return *errors->array()->front().get("code")->string();
  }
  [[nodiscard]] json::Value document() const { return json::parse(body, "body").value(); }
};

class Driver {
 public:
  // With a folder everything is kept in `fake.files`.
  explicit Driver(Options options = {}, std::string folder = "")
      : options_(std::move(options)), folder_(std::move(folder)) {
    start();
  }

  // As after kill -9 and a new start. Without a folder all is gone.
  void start() {
    registry_.reset();
    if (folder_.empty()) {
      content = sigstore::content::make_memory(memory_bytes);
    } else {
      need(fake.files.make_directories(folder_).has_value(), "no folder");
      need(sigstore::content::remove_leftovers(fake.files, folder_).has_value(), "leftovers stay");
      content = sigstore::content::make_folder(fake.files, &fake.random, folder_);
    }
    catalogue = std::move(*Catalogue::open(fake.env(), folder_));
    registry_ = std::make_unique<Registry>(*content, *catalogue, fake.env(), options_);
  }

  void sweep() { registry_->sweep(); }

  Reply send(std::string_view method, const std::string& target, sigstore::FileReader& body,
             const Headers& headers = {}) {
    auto response = role({.method = method,
                          .target = target,
                          .headers = &headers,
                          .content_length = std::nullopt,
                          .body = &body,
                          .user = ""});
    Reply reply{response.status, response.headers, "", response.size()};
    if (response.source) {
      std::array<std::uint8_t, 4096> chunk;
      for (auto got = response.source->read(chunk); got && *got > 0; got = response.source->read(chunk))
        reply.body.append(reinterpret_cast<const char*>(chunk.data()), *got);
      if (reply.body.size() > response.length) reply.body.resize(response.length);
    } else if (response.text) {
      reply.body = *response.text;
    }
    return reply;
  }
  Reply send(std::string_view method, const std::string& target, Body body, const Headers& headers = {}) {
    return send(method, target, static_cast<sigstore::FileReader&>(body), headers);
  }
  Reply send(std::string_view method, const std::string& target, std::string body = "",
             const Headers& headers = {}) {
    return send(method, target, Body(std::move(body)), headers);
  }
  Reply get(const std::string& target, const Headers& headers = {}) {
    return send("GET", target, "", headers);
  }

  Digest push_blob(const std::string& repository, const std::string& content_) {
    const Digest digest = Digest::sha256(content_);
    const auto reply =
        send("POST", "/v2/" + repository + "/blobs/uploads/?digest=" + digest.text(), content_);
    need(reply.status == 201, reply.body);
    return digest;
  }
  Reply push_manifest(const std::string& repository, const std::string& reference, const std::string& text,
                      Headers headers = {}, std::string_view type = media_type::oci_manifest) {
    headers.set("Content-Type", std::string(type));
    return send("PUT", "/v2/" + repository + "/manifests/" + reference, text, headers);
  }
  // A small image whose layer is `seed`, with its blobs; the text of its manifest.
  std::string image(const std::string& repository, const std::string& seed, const json::Object& more = {}) {
    push_blob(repository, "{}");
    push_blob(repository, seed);
    return image_text(seed, more);
  }

  static json::Value descriptor(std::string_view type, const std::string& content) {
    return json::Object{{"mediaType", type},
                        {"digest", Digest::sha256(content).text()},
                        {"size", static_cast<std::uint64_t>(content.size())}};
  }
  static std::string image_text(const std::string& layer, const json::Object& more = {}) {
    json::Object manifest{{"schemaVersion", 2},
                          {"mediaType", media_type::oci_manifest},
                          {"config", descriptor(media_type::oci_config, "{}")},
                          {"layers", json::Array{descriptor("application/octet-stream", layer)}}};
    for (const auto& member : more.members()) manifest.set(member.key, member.value);
    return json::write(manifest);
  }
  static std::string index_text(const std::vector<std::string>& manifests) {
    json::Array children;
    for (const auto& text : manifests) children.push_back(descriptor(media_type::oci_manifest, text));
    return json::write(json::Object{
        {"schemaVersion", 2}, {"mediaType", media_type::oci_index}, {"manifests", std::move(children)}});
  }
  sigstore::Result<void> load(const std::string& layout, const std::string& repository) {
    return registry_->load(fake.files, layout, repository);
  }

  sigstore::fakes::FakeEnv fake;
  // What answers: the registry, until a test puts something before it.
  host::Role role = [this](const host::Request& request) { return registry_->handle(request); };
  std::uint64_t memory_bytes = sigstore::limits::memory_store_bytes;  // counts at the next start()
  std::unique_ptr<sigstore::content::Store> content;
  std::unique_ptr<Catalogue> catalogue;

 private:
  const Options options_;
  const std::string folder_;
  std::unique_ptr<Registry> registry_;
};

}  // namespace server::registry::testing
