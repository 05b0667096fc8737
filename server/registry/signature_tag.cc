#include "server/registry/signature_tag.h"

#include <string>

namespace server::registry {

using sigstore::oci::Digest;

namespace {

constexpr std::size_t key_digits = 16;

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// Without a signer's key at its end.
std::string_view without_key(std::string_view tag) {
  const std::size_t size = tag.size();
  if (size <= key_digits + 1 || tag[size - key_digits - 1] != '-') return tag;
  return is_hex(tag.substr(size - key_digits)) ? tag.substr(0, size - key_digits - 1) : tag;
}

// "…sha256-HEX" at the end of `text`; `from` is where it begins.
std::optional<Digest> digest_at_end(std::string_view text, std::size_t& from) {
  for (const auto& [algorithm, digits] : {std::pair("sha256", 64U), std::pair("sha512", 128U)}) {
    const std::string_view name = algorithm;
    const std::size_t size = name.size() + 1 + digits;
    if (text.size() < size || text.substr(text.size() - size, name.size() + 1) != std::string(name) + "-")
      continue;
    auto digest = Digest::parse(std::string(name) + ":" + std::string(text.substr(text.size() - digits)));
    if (!digest) continue;
    from = text.size() - size;
    return std::move(*digest);
  }
  return std::nullopt;
}

}  // namespace

std::optional<SignatureTag> parse_signature_tag(std::string_view tag) {
  std::string_view name = without_key(tag);
  const std::size_t before = name.size();
  for (const std::string_view suffix : {".sig", ".att", ".sbom"})
    if (name.ends_with(suffix)) name.remove_suffix(suffix.size());
  const bool fallback = name.size() == before;
  std::size_t from = 0;
  auto subject = digest_at_end(name, from);
  if (!subject || (fallback && from != 0)) return std::nullopt;
  return SignatureTag{std::move(*subject), fallback};
}

}  // namespace server::registry
