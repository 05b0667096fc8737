#include "sigstore/timestamp/internal/tst_info.h"

#include <algorithm>

#include "sigstore/codec/rfc3339.h"
#include "sigstore/timestamp/internal/algorithm.h"

namespace sigstore::timestamp::internal {

namespace der = codec::der;

namespace {

std::unexpected<Error> malformed(std::string cause) {
  return fail(Code::malformed, "not a TSTInfo", std::move(cause));
}

bool all_digits(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

Result<std::uint32_t> read_small(BytesView content, std::uint32_t most) {
  TRY(const auto magnitude, der::read_unsigned(content));
  std::uint64_t value = 0;
  for (const auto octet : magnitude.first(std::min<std::size_t>(magnitude.size(), 5)))
    value = value << 8 | octet;
  if (value > most) return malformed("the accuracy is out of its range");
  return static_cast<std::uint32_t>(value);
}

// Accuracy: seconds, millis [0], micros [1]; each may be absent.
Result<Duration> read_accuracy(der::Reader in) {
  using namespace std::chrono;
  Duration out{};
  if (in.peek() == der::integer) {
    TRY(const auto element, in.next());
    TRY(const auto value, read_small(element.content, 0x7FFFFFFF));
    out += std::chrono::seconds(value);
  }
  if (in.peek() == der::context(0)) {
    TRY(const auto element, in.next());
    TRY(const auto value, read_small(element.content, 999));
    out += std::chrono::milliseconds(value);
  }
  if (in.peek() == der::context(1)) {
    TRY(const auto element, in.next());
    TRY(const auto value, read_small(element.content, 999));
    out += std::chrono::microseconds(value);
  }
  TRY_OK(in.finish());
  return out;
}

// DER leaves out the default, FALSE; authorities that write it are read.
Result<bool> read_ordering(BytesView content) {
  if (content.size() != 1 || (content[0] != 0 && content[0] != 0xFF))
    return malformed("ordering is no boolean");
  return content[0] != 0;
}

// None is known here, so none may be critical (RFC 5280, 4.2).
Result<void> read_extensions(der::Reader in) {
  while (!in.empty()) {
    TRY(auto extension, in.enter(der::sequence));
    TRY(const auto name, extension.expect(der::oid));
    TRY(const auto oid, der::read_oid(name.content));
    if (extension.peek() == der::boolean) {
      TRY(const auto critical, extension.next());
      if (critical.content.size() != 1) return malformed("an extension is broken");
      if (critical.content[0] != 0)
        return fail(Code::unsupported, "the timestamp has a critical extension that is not known: " + oid);
    }
    TRY_OK(extension.expect(der::octet_string));
    TRY_OK(extension.finish());
  }
  return {};
}

Result<void> read_version(der::Reader& in) {
  TRY(const auto version, in.expect(der::integer));
  if (version.content.size() != 1 || version.content[0] != 1)
    return fail(Code::unsupported, "the timestamp's version is not 1");
  return {};
}

// What follows genTime: each is optional, the order is fixed.
Result<void> read_options(der::Reader& in, TstInfo& out) {
  if (in.peek() == der::sequence) {
    TRY(auto accuracy, in.enter(der::sequence));
    TRY(out.accuracy, read_accuracy(accuracy));
  }
  if (in.peek() == der::boolean) {
    TRY(const auto ordering, in.next());
    TRY(out.ordering, read_ordering(ordering.content));
  }
  if (in.peek() == der::integer) {
    TRY(out.nonce, read_integer(in));
  }
  if (in.peek() == der::context_constructed(0)) {  // tsa: a hint, ESSCertID is what counts
    TRY(auto tsa, in.enter(der::context_constructed(0)));
    TRY_OK(tsa.next());
    TRY_OK(tsa.finish());
  }
  if (in.peek() == der::context_constructed(1)) {
    TRY(auto extensions, in.enter(der::context_constructed(1)));
    TRY_OK(read_extensions(extensions));
  }
  return in.finish();
}

}  // namespace

Result<Bytes> read_integer(der::Reader& in) {
  TRY(const auto element, in.expect(der::integer));
  const auto octets = element.content;
  if (octets.empty()) return fail(Code::malformed, "not valid DER", "an integer has no octets");
  if (octets.size() > 1 &&
      ((octets[0] == 0 && (octets[1] & 0x80) == 0) || (octets[0] == 0xFF && (octets[1] & 0x80) != 0)))
    return fail(Code::malformed, "not valid DER", "an integer is not minimal");
  return Bytes(octets.begin(), octets.end());
}

Result<Time> read_generalized_time(BytesView content) {
  const auto text = as_text(content);
  const auto wrong = [] { return malformed("genTime must look like 20260724000000Z"); };
  if (text.size() < 15 || !all_digits(text.substr(0, 14)) || !text.ends_with('Z')) return wrong();
  const auto fraction = text.substr(14, text.size() - 15);
  if (!fraction.empty() && (fraction.size() < 2 || fraction[0] != '.' || !all_digits(fraction.substr(1)) ||
                            fraction.ends_with('0')))
    return wrong();
  const auto part = [&](std::size_t from, std::size_t count) {
    return std::string(text.substr(from, count));
  };
  return codec::rfc3339::parse(part(0, 4) + "-" + part(4, 2) + "-" + part(6, 2) + "T" + part(8, 2) + ":" +
                               part(10, 2) + ":" + part(12, text.npos));
}

Result<Time> read_time(const der::Element& element) {
  if (element.tag == der::generalized_time) return read_generalized_time(element.content);
  if (element.tag != der::utc_time || element.content.size() != 13) return malformed("not a time");
  const auto text = as_text(element.content);
  return read_generalized_time(as_bytes((text < "50" ? "20" : "19") + std::string(text)));
}

Result<Imprint> read_imprint(der::Reader& in) {
  TRY(auto inside, in.enter(der::sequence));
  Imprint out;
  TRY(out.algorithm, read_digest_algorithm(inside));
  TRY(const auto hash, inside.expect(der::octet_string));
  TRY_OK(inside.finish());
  if (hash.content.size() != crypto::size_of(out.algorithm))
    return malformed("the imprint is not as long as its digest is");
  out.hash.assign(hash.content.begin(), hash.content.end());
  return out;
}

Result<TstInfo> parse_tst_info(BytesView bytes) {
  der::Reader outer(bytes);
  TRY(auto in, outer.enter(der::sequence));
  TRY_OK(outer.finish());
  TRY_OK(read_version(in));
  TstInfo out;
  TRY(const auto policy, in.expect(der::oid));
  TRY(out.policy, der::read_oid(policy.content));
  TRY(out.imprint, read_imprint(in));
  TRY(out.serial, read_integer(in));
  TRY(const auto time, in.expect(der::generalized_time));
  TRY(out.time, read_generalized_time(time.content));
  TRY_OK(read_options(in, out));
  return out;
}

}  // namespace sigstore::timestamp::internal
