#include "sigstore/timestamp/token.h"

#include "sigstore/base/limits.h"
#include "sigstore/codec/der.h"
#include "sigstore/codec/printable.h"
#include "sigstore/timestamp/internal/state.h"

namespace sigstore::timestamp {

namespace der = codec::der;

namespace {

constexpr std::size_t status_text_bytes = 200;  // of what an authority says when it refuses

// PKIFreeText: what the authority has to say, cut to one line. Broken text is none.
std::string free_text(der::Reader in) {
  std::string out;
  while (!in.empty()) {
    const auto part = in.expect(der::utf8_string);
    if (!part) break;
    out += (out.empty() ? "" : ", ") + to_text(part->content);
  }
  if (out.size() > status_text_bytes) out.resize(status_text_bytes);
  return codec::printable(out);
}

// PKIStatusInfo (RFC 3161, 2.4.2): granted (0) or grantedWithMods (1), or there is no token.
Result<void> need_granted(der::Reader status) {
  TRY(const auto code, status.expect(der::integer));
  TRY(const auto number, der::read_unsigned(code.content));
  std::string text;
  if (status.peek() == der::sequence) {
    TRY(auto words, status.enter(der::sequence));
    text = free_text(words);
  }
  if (status.peek() == der::bit_string) TRY_OK(status.next());  // the bits say what the text says
  TRY_OK(status.finish());
  if (number.size() == 1 && number[0] <= 1) return {};
  const std::string which = number.size() == 1 ? std::to_string(number[0]) : "unknown";
  return fail(Code::mismatch, "the timestamp authority refused: status " + which, text);
}

// The ContentInfo within a TimeStampResp, or all of it. RFC 3161, 2.4.2.
Result<BytesView> content_info(BytesView bytes) {
  der::Reader outer(bytes);
  TRY(auto in, outer.enter(der::sequence));
  TRY_OK(outer.finish());
  if (in.peek() == der::oid) return bytes;
  TRY(auto status, in.enter(der::sequence));
  TRY_OK(need_granted(status));
  if (in.empty()) return fail(Code::malformed, "not a timestamp token", "the response has none in it");
  TRY(const auto token, in.expect(der::sequence));
  TRY_OK(in.finish());
  return token.whole;
}

Error explain(Error error) {
  if (error.code != Code::malformed || error.message == "not a timestamp token") return error;
  return error.wrap("not a timestamp token");
}

}  // namespace

Result<Token> Token::parse(BytesView bytes) {
  if (bytes.size() > limits::timestamp_bytes) return fail(Code::too_large, "a timestamp token is too large");
  const auto read = [&]() -> Result<std::shared_ptr<State>> {
    TRY(const auto inside, content_info(bytes));
    auto state = std::make_shared<State>();
    state->der.assign(inside.begin(), inside.end());
    TRY(state->data, internal::parse_signed_data(state->der));
    TRY(state->info, internal::parse_tst_info(state->data.content));
    return state;
  };
  auto state = read();
  if (!state) return fail(explain(std::move(state).error()));
  Token token;
  token.state_ = std::move(*state);
  return token;
}

Time Token::time() const {
  return state_->info.time;
}
crypto::HashAlgorithm Token::algorithm() const {
  return state_->info.imprint.algorithm;
}
const Bytes& Token::imprint() const {
  return state_->info.imprint.hash;
}
const std::string& Token::policy() const {
  return state_->info.policy;
}
const Bytes& Token::serial() const {
  return state_->info.serial;
}
const std::optional<Bytes>& Token::nonce() const {
  return state_->info.nonce;
}
const std::optional<Duration>& Token::accuracy() const {
  return state_->info.accuracy;
}
const std::vector<crypto::x509::Certificate>& Token::certificates() const {
  return state_->data.certificates;
}
BytesView Token::signer_issuer() const {
  const auto& name = state_->data.signer.name;
  return name ? name->issuer : BytesView();
}

}  // namespace sigstore::timestamp
