// A registry with its page, for tests: images of real cosign in it, and a browser's questions to it.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "server/registry/page/page.h"
#include "server/registry/testing/driver.h"
#include "sigstore/crypto/key.h"

namespace server::registry::page::testing {

using registry::testing::Driver;
using registry::testing::need;
using registry::testing::Reply;
using sigstore::net::Headers;

// SOURCE_ROOT of the unit tests: where the fixtures are.
class Site {
 public:
  explicit Site(std::string root) : root_(std::move(root)) {}

  // One of test/interop/testdata/cosign-3.1.2/images.
  void load(const std::string& image, const std::string& repository) {
    copy("/test/interop/testdata/cosign-3.1.2/images/" + image, image);
    const auto loaded = driver.load(image, repository);
    need(loaded.has_value(), loaded ? "" : loaded.error().text());
  }
  // One of its keys: "p256".
  void trust(const std::string& key) {
    const std::string path = root_ + "/test/interop/testdata/cosign-3.1.2/keys/" + key + ".pub";
    keys.keys.push_back({sigstore::crypto::PublicKey::from_pem(read(path), path).value(), key + ".pub"});
  }
  // What is pushed later is seen; a key that is trusted later is not.
  void open(bool referrers = true) {
    env_ = driver.fake.env();
    pages = std::make_unique<Pages>(shelves(referrers), env_, PageOptions{keys, external_url});
    role_ = pages->before([](const host::Request&) {
      return host::Response{.status = 404, .text = std::make_shared<const std::string>("of the registry")};
    });
  }
  Shelves shelves(bool referrers = true) {
    return {*driver.content, *driver.catalogue, driver.fake.clock, referrers,
            [this](const std::string& line) { trouble.push_back(line); }};
  }

  Reply ask(const std::string& target, Headers headers = {}, std::string_view method = "GET") {
    if (!pages) open();
    if (!headers.get("Host")) headers.set("Host", "registry.example:5000");
    registry::testing::Body body{std::string()};
    const auto response =
        role_({.method = method, .target = target, .headers = &headers, .content_length = 0, .body = &body});
    return {response.status, response.headers, response.text ? *response.text : "", response.size()};
  }

  Driver driver;
  sigstore::verify::TrustedMaterial keys;
  std::optional<sigstore::net::Url> external_url;
  std::vector<std::string> trouble;
  std::unique_ptr<Pages> pages;

 private:
  static std::string read(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    need(in.good(), "no test data at " + path.string());
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }
  void copy(const std::string& from, const std::string& to) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root_ + from))
      if (entry.is_regular_file())
        driver.fake.files.put(to + "/" + std::filesystem::relative(entry.path(), root_ + from).string(),
                              read(entry.path()));
  }

  const std::string root_;
  sigstore::Env env_;
  host::Role role_;
};

}  // namespace server::registry::page::testing
