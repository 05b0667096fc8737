// A registry client on servers in memory: what every unit test of the HTTP client starts from.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sigstore/base/testing/fake_env.h"
#include "sigstore/net/testing/scripted_transport.h"
#include "sigstore/remote/registry/client.h"

namespace sigstore::remote::testing {

// Credentials by registry; counts how often it is asked.
class FixedCredentials final : public CredentialSource {
 public:
  Result<std::optional<Credential>> find(const oci::Repository& repository) override;
  void add(const std::string& registry, const std::string& user, const std::string& password);
  void add_identity_token(const std::string& registry, const std::string& token);
  void add_registry_token(const std::string& registry, const std::string& token);
  void break_with(Error error) { error_ = std::move(error); }
  [[nodiscard]] int asked() const { return asked_; }

 private:
  std::map<std::string, Credential> known_;
  std::optional<Error> error_;
  int asked_ = 0;
};

struct HttpFixture {
  static constexpr const char* host = "r.example";

  fakes::FakeEnv fake;
  net::testing::ScriptedTransport http;
  FixedCredentials credentials;
  RegistryOptions options;
  std::vector<std::string> notices;

  // What is arranged afterwards in `options` does not count.
  Context context();

  // "GET https://r.example/v2/app/PATH" for "GET PATH"; "GET https://r.example/v2/" for "GET".
  [[nodiscard]] static std::string at(const std::string& method, const std::string& path = {});
  [[nodiscard]] static oci::Repository app() { return {host, "app"}; }

  // /v2/ answers 200 to everybody.
  void open_registry();
  // Every request without this user's password gets 401 and a Basic challenge; with it, what `path` says.
  void basic_registry(const std::string& user, const std::string& password);
  // /v2/ sends everybody for a token, which https://auth.example/token hands out as "token-1", "token-2", ….
  void bearer_registry();
  static net::Headers bearer_challenge(const std::string& more = {});
};

// The same with a client, made at its first use.
struct ClientFixture : HttpFixture {
  Client& client();
  // GET below /v2/app/.
  [[nodiscard]] static Call call(const std::string& path = "tags/list");
  [[nodiscard]] static Call push(const std::string& path = "manifests/x");  // PUT
  // Each ends the test with a message when it comes out the other way.
  Reply send(const Call& wanted);
  Error refused(const Call& wanted);
  // Answers only those who have a token of bearer_registry(); to others it says what they need.
  void needs_token(const std::string& target, const std::string& more = {});

 private:
  std::optional<Client> client_;
};

// "dev" with the password "s3cret".
inline constexpr const char* dev_basic = "Basic ZGV2OnMzY3JldA==";

// Whether any request to a URL that begins so carried this piece of text anywhere: URL, headers or body.
bool travelled(const net::testing::ScriptedTransport& http, std::string_view url, std::string_view text);
// The Authorization of a request, "" when it had none.
std::string authorization(const net::Request& request);

}  // namespace sigstore::remote::testing
