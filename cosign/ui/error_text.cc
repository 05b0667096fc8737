#include "cosign/ui/error_text.h"

#include <string_view>

#include "sigstore/codec/printable.h"

namespace cosign::ui {
namespace {

constexpr std::string_view red = "\x1b[1;31m";
constexpr std::string_view bold = "\x1b[1m";
constexpr std::string_view plain = "\x1b[0m";

std::string line(std::string_view label, std::string_view text, std::string_view style) {
  std::string out(style);
  out += label;
  if (!style.empty()) out += plain;
  return out + " " + sigstore::codec::printable(text) + "\n";
}

}  // namespace

std::string error_text(const sigstore::Error& error, bool colour) {
  std::string out = line("error:", error.message, colour ? red : "");
  if (!error.cause.empty()) out += line("cause:", error.cause, colour ? bold : "");
  std::string_view hint = error.hint;
  for (bool first = true; !hint.empty(); first = false) {
    const std::string_view next = hint.substr(0, hint.find('\n'));
    out += first ? line("try:", next, colour ? bold : "") : line("    ", next, "");
    hint.remove_prefix(next.size() == hint.size() ? next.size() : next.size() + 1);
  }
  return out;
}

}  // namespace cosign::ui
