// A registry, and clients that say anything. Each line of the input is a request, its fields between tabs:
//   method, target, body, Content-Type, Content-Range, Range, If-Match
// in which $L is the last Location, $D and $5 the body's sha256 and sha512, $P the last
// Docker-Content-Digest, $E the last ETag, $M and $I the types of a manifest and of an index. Whatever comes:
// an answer that is no fault of ours, in the specification's form; no byte of a client in a header but as
// text; and what is given has the digest that it is said to have.
#include <cstdlib>
#include <set>

#include "server/registry/testing/driver.h"
#include "sigstore/base/bytes.h"

using namespace server::registry::testing;

namespace {

constexpr std::size_t most_requests = 40;

void require(bool holds) {
  if (!holds) std::abort();
}

struct Client {
  server::registry::testing::Driver registry;
  std::string location = "/", digest = "sha256:00", etag = "\"x\"";

  std::string filled(std::string text, const std::string& body) const {
    const std::pair<std::string_view, std::string> words[] = {{"$L", location},
                                                              {"$D", Digest::sha256(body).text()},
                                                              {"$5", sha512_of(body)},
                                                              {"$P", digest},
                                                              {"$E", etag},
                                                              {"$M", std::string(media_type::oci_manifest)},
                                                              {"$I", std::string(media_type::oci_index)}};
    for (const auto& [word, value] : words)
      for (auto at = text.find(word); at != text.npos; at = text.find(word, at + value.size()))
        text.replace(at, word.size(), value);
    return text;
  }
  void remember(const Reply& reply) {
    const auto keep = [&](std::string& last, std::string_view name) {
      if (const auto value = reply.headers.get(name)) last = *value;
    };
    keep(location, "Location");
    keep(digest, "Docker-Content-Digest");
    keep(etag, "ETag");
  }
};

void check_headers(const Reply& reply) {
  for (const auto& [name, value] : reply.headers.list())
    for (const char c : name + value) require(c >= ' ' && c < 0x7f);
}

// distribution-spec, "Error Codes".
void check_error(const Reply& reply) {
  static const std::set<std::string> codes = {"BLOB_UNKNOWN",
                                              "BLOB_UPLOAD_INVALID",
                                              "BLOB_UPLOAD_UNKNOWN",
                                              "DIGEST_INVALID",
                                              "MANIFEST_BLOB_UNKNOWN",
                                              "MANIFEST_INVALID",
                                              "MANIFEST_UNKNOWN",
                                              "NAME_INVALID",
                                              "NAME_UNKNOWN",
                                              "SIZE_INVALID",
                                              "DENIED",
                                              "UNSUPPORTED",
                                              "TOOMANYREQUESTS",
                                              "TAG_INVALID"};
  const auto document = json::parse(reply.body, "error");
  require(document && document->get("errors") != nullptr && !document->get("errors")->array()->empty());
  for (const json::Value& error : *document->get("errors")->array())
    require(codes.contains(*error.get("code")->string()) && error.get("message")->string() != nullptr);
}

void check_content(const Reply& reply) {
  const auto digest = reply.headers.get("Docker-Content-Digest");
  if (digest) require(Digest::parse(*digest)->matches(reply.body));
}

// Fields of a request; those that are missing are empty.
std::vector<std::string> fields_of(std::string_view line) {
  std::vector<std::string> fields;
  for (;;) {
    const auto tab = line.find('\t');
    fields.emplace_back(line.substr(0, tab));
    if (tab == line.npos) break;
    line.remove_prefix(tab + 1);
  }
  fields.resize(7);
  return fields;
}

void send(Client& client, std::string_view line) {
  auto fields = fields_of(line);
  const std::string body = client.filled(fields[2], "{}");
  for (std::string& field : fields) field = client.filled(std::move(field), body);
  Headers headers;
  const char* const names[] = {"Content-Type", "Content-Range", "Range", "If-Match"};
  for (std::size_t i = 0; i < std::size(names); ++i)
    if (!fields[i + 3].empty()) headers.set(names[i], fields[i + 3]);
  const Reply reply = client.registry.send(fields[0], fields[1], body, headers);
  require(reply.status >= 200 && reply.status < 500);
  check_headers(reply);
  if (reply.status >= 400) return check_error(reply);
  if (fields[0] == "GET" && reply.status == 200) check_content(reply);
  client.remember(reply);
  if (reply.status != 201 || fields[0] != "PUT") return;
  const Reply got = client.registry.get(client.location);
  require(got.status == 200);
  check_content(got);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text = sigstore::as_text({data, size});
  Client client;
  for (std::size_t i = 0; i < most_requests && !text.empty(); ++i) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    send(client, line);
  }
  return 0;
}
