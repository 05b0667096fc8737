#include "sigstore/remote/tufrepo/internal/names.h"

#include <algorithm>

#include "sigstore/codec/percent.h"
#include "sigstore/codec/printable.h"

namespace sigstore::remote {
namespace {

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~").find(c) != std::string_view::npos;
}

bool is_control(char c) {
  return (c >= 0 && c < ' ') || c == 0x7f;
}

std::unexpected<Error> refuse(const std::string& what, std::string_view name) {
  return fail(Code::malformed, what, codec::printable(name.substr(0, 200)));
}

}  // namespace

Result<void> check_metadata_name(std::string_view file) {
  const bool clean = std::ranges::all_of(file, [](char c) { return is_unreserved(c) || c == '%'; });
  if (clean && file.ends_with(".json")) return {};  // so that it is not ".."
  return refuse("that is not the name of a TUF metadata file", file);
}

Result<void> check_target_name(std::string_view path) {
  const auto bad = [](std::string_view segment) {
    return segment.empty() || segment == "." || segment == ".." || std::ranges::any_of(segment, is_control);
  };
  for (std::string_view rest = path;;) {
    const auto slash = std::min(rest.find('/'), rest.size());
    if (bad(rest.substr(0, slash))) return refuse("that is not the path of a TUF target", path);
    if (slash == rest.size()) return {};
    rest.remove_prefix(slash + 1);
  }
}

std::string target_in_url(std::string_view path) {
  return codec::percent_encode(path, "!$&'()*+,;=:@/");
}

}  // namespace sigstore::remote
