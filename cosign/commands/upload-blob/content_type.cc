#include "cosign/commands/upload-blob/content_type.h"

#include <algorithm>
#include <array>

namespace cosign::upload_blob {
namespace {

constexpr std::size_t most = 512;
constexpr std::string_view white = "\t\n\f\r ";

// What stands at the start, and perhaps somewhere behind it.
struct Magic {
  std::string_view bytes;
  const char* type;
  std::size_t second_at = 0;  // where `second` stands
  std::string_view second = {};
};

using namespace std::string_view_literals;

constexpr std::array magics = {Magic{"%PDF-"sv, "application/pdf"},
                               Magic{"%!PS-Adobe-"sv, "application/postscript"},
                               Magic{"\xfe\xff"sv, "text/plain"},
                               Magic{"\xff\xfe"sv, "text/plain"},
                               Magic{"\xef\xbb\xbf"sv, "text/plain"},
                               Magic{"\0\0\1\0"sv, "image/x-icon"},
                               Magic{"\0\0\2\0"sv, "image/x-icon"},
                               Magic{"BM"sv, "image/bmp"},
                               Magic{"GIF87a"sv, "image/gif"},
                               Magic{"GIF89a"sv, "image/gif"},
                               Magic{"RIFF"sv, "image/webp", 8, "WEBPVP"sv},
                               Magic{"\x89PNG\r\n\x1a\n"sv, "image/png"},
                               Magic{"\xff\xd8\xff"sv, "image/jpeg"},
                               Magic{"FORM"sv, "audio/aiff", 8, "AIFF"sv},
                               Magic{"ID3"sv, "audio/mpeg"},
                               Magic{"OggS\0"sv, "application/ogg"},
                               Magic{"MThd\0\0\0\6"sv, "audio/midi"},
                               Magic{"RIFF"sv, "video/avi", 8, "AVI "sv},
                               Magic{"RIFF"sv, "audio/wave", 8, "WAVE"sv},
                               Magic{""sv, "application/vnd.ms-fontobject", 34, "LP"sv},
                               Magic{"\0\1\0\0"sv, "font/ttf"},
                               Magic{"OTTO"sv, "font/otf"},
                               Magic{"ttcf"sv, "font/collection"},
                               Magic{"wOFF"sv, "font/woff"},
                               Magic{"wOF2"sv, "font/woff2"},
                               Magic{"\x1f\x8b\x08"sv, "application/x-gzip"},
                               Magic{"PK\3\4"sv, "application/zip"},
                               Magic{"Rar!\x1a\7\0"sv, "application/x-rar-compressed"},
                               Magic{"Rar!\x1a\7\1\0"sv, "application/x-rar-compressed"},
                               Magic{"\x1a\x45\xdf\xa3"sv, "video/webm"},
                               Magic{"\0asm"sv, "application/wasm"}};

constexpr std::array tags = {"<!DOCTYPE HTML"sv,
                             "<HTML"sv,
                             "<HEAD"sv,
                             "<SCRIPT"sv,
                             "<IFRAME"sv,
                             "<H1"sv,
                             "<DIV"sv,
                             "<FONT"sv,
                             "<TABLE"sv,
                             "<A"sv,
                             "<STYLE"sv,
                             "<TITLE"sv,
                             "<B"sv,
                             "<BODY"sv,
                             "<BR"sv,
                             "<P"sv,
                             "<!--"sv};

bool begins_with_tag(std::string_view text, std::string_view tag) {
  if (text.size() <= tag.size() || (text[tag.size()] != ' ' && text[tag.size()] != '>')) return false;
  return std::equal(tag.begin(), tag.end(), text.begin(), [](char upper, char c) {
    return upper == (c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
  });
}

bool has_magic(std::string_view head, const Magic& magic) {
  if (!head.starts_with(magic.bytes)) return false;
  return magic.second.empty() ||
         (head.size() > magic.second_at && head.substr(magic.second_at).starts_with(magic.second));
}

// ISO base media: the first box is `ftyp`, and one of its brands begins with "mp4".
bool is_mp4(std::string_view head) {
  if (head.size() < 12 || head.substr(4, 4) != "ftyp") return false;
  std::size_t size = 0;
  for (const char byte : head.substr(0, 4)) size = size << 8U | static_cast<unsigned char>(byte);
  if (head.size() < size || size % 4 != 0) return false;
  for (std::size_t at = 8; at < size; at += 4)
    if (at != 12 && head.substr(at).starts_with("mp4")) return true;  // at 12 is the version
  return false;
}

// The bytes that no text has.
bool is_binary(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= 0x08 || byte == 0x0b || (byte >= 0x0e && byte <= 0x1a) || (byte >= 0x1c && byte <= 0x1f);
}

}  // namespace

std::string content_type(std::string_view head) {
  head = head.substr(0, most);
  const auto first = head.find_first_not_of(white);
  const auto text = first == std::string_view::npos ? std::string_view() : head.substr(first);
  if (std::ranges::any_of(tags, [&](std::string_view tag) { return begins_with_tag(text, tag); }))
    return "text/html";
  if (text.starts_with("<?xml")) return "text/xml";
  for (const Magic& magic : magics)
    if (has_magic(head, magic)) return magic.type;
  if (is_mp4(head)) return "video/mp4";
  return std::ranges::any_of(text, is_binary) ? "application/octet-stream" : "text/plain";
}

}  // namespace cosign::upload_blob
