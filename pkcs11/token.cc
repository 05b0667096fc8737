#include "pkcs11/internal/token.h"

#include <algorithm>
#include <span>

#include "sigstore/base/limits.h"
#include "sigstore/base/result.h"

namespace pkcs11 {
namespace {

namespace limits = sigstore::limits;

// A field of fixed length, padded with blanks (and by some with zeros).
std::string padded(std::span<const unsigned char> field) {
  std::string text(field.begin(), field.end());
  text.resize(std::min(text.size(), text.find('\0')));
  text.resize(text.find_last_not_of(' ') + 1);
  return text;
}

Attempt<Token> ask_token(const Module& module, CK_SLOT_ID slot) {
  CK_TOKEN_INFO info{};
  TRY_OK(check("C_GetTokenInfo", module.functions().C_GetTokenInfo(slot, &info)));
  return Token{slot,
               padded(info.label),
               padded(info.manufacturerID),
               padded(info.model),
               padded(info.serialNumber),
               info.flags};
}

Attempt<std::vector<CK_SLOT_ID>> slots(const Module& module) {
  unsigned long count = 0;
  TRY_OK(check("C_GetSlotList", module.functions().C_GetSlotList(CK_TRUE, nullptr, &count)));
  if (count > limits::tokens)
    return std::unexpected(Failure{.kind = "garbage", .detail = std::to_string(count) + " slots"});
  std::vector<CK_SLOT_ID> all(count);
  if (count != 0)
    TRY_OK(check("C_GetSlotList", module.functions().C_GetSlotList(CK_TRUE, all.data(), &count)));
  if (count > all.size())
    return std::unexpected(Failure{.kind = "garbage", .detail = "more slots than it said"});
  all.resize(count);
  return all;
}

bool fits(const std::string& wanted, const std::string& is) {
  return wanted.empty() || wanted == is;
}

bool fits(const TokenWanted& wanted, const Token& token) {
  return fits(wanted.label, token.label) && fits(wanted.serial, token.serial) &&
         fits(wanted.manufacturer, token.manufacturer) && fits(wanted.model, token.model);
}

}  // namespace

Attempt<std::vector<Token>> list_tokens(const Module& module) {
  TRY(const auto all, slots(module));
  std::vector<Token> tokens;
  for (const CK_SLOT_ID slot : all)
    if (auto token = ask_token(module, slot)) tokens.push_back(std::move(*token));
  return tokens;
}

Attempt<Token> find_token(const Module& module, const TokenWanted& wanted) {
  if (wanted.slot) {
    TRY_OK(slots(module));  // some modules know their slots only after this
    TRY(auto token, ask_token(module, *wanted.slot));
    if (fits(wanted, token)) return token;
    return std::unexpected(Failure{.kind = "other_token", .detail = token.label});
  }
  TRY(auto tokens, list_tokens(module));
  std::erase_if(tokens, [&](const Token& token) { return !fits(wanted, token); });
  if (tokens.empty()) return std::unexpected(Failure{.kind = "no_token"});
  if (tokens.size() > 1) return std::unexpected(Failure{.kind = "several_tokens", .count = tokens.size()});
  return std::move(tokens.front());
}

CK_FLAGS flags_now(const Module& module, CK_SLOT_ID slot) {
  const auto token = ask_token(module, slot);
  return token ? token->flags : 0;
}

}  // namespace pkcs11
