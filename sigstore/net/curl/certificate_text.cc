#include "sigstore/net/curl/internal/certificate_text.h"

#include <openssl/x509v3.h>

#include <ctime>
#include <memory>
#include <vector>

#include "sigstore/net/address.h"
#include "sigstore/net/curl/internal/certificate_pool.h"

namespace sigstore::net {
namespace {

constexpr std::size_t shown_bytes = 100;
constexpr std::size_t shown_hosts = 5;

std::string_view text_of(const ASN1_STRING* string) {
  const auto size = static_cast<std::size_t>(ASN1_STRING_length(string));
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(string)), size};
}

std::string entry_text(const X509_NAME* name, int kind) {
  const int index = X509_NAME_get_index_by_NID(name, kind, -1);
  if (index < 0) return "";
  unsigned char* utf8 = nullptr;
  const int size = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, index)));
  if (size < 0) return "";
  std::string text(reinterpret_cast<char*>(utf8), static_cast<std::size_t>(size));
  OPENSSL_free(utf8);
  return text.size() <= shown_bytes ? text : text.substr(0, shown_bytes) + "…";
}

std::string address_text(std::string_view bytes) {
  Address address{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (bytes.size() != 4 && bytes.size() != address.size()) return "";
  std::copy(bytes.begin(), bytes.end(), address.end() - static_cast<std::ptrdiff_t>(bytes.size()));
  return print_address(address);
}

std::string host_text(const GENERAL_NAME* name) {
  int kind = 0;
  const void* value = GENERAL_NAME_get0_value(name, &kind);
  const auto* string = static_cast<const ASN1_STRING*>(value);
  if (kind == GEN_DNS) return std::string(text_of(string).substr(0, shown_bytes));
  return kind == GEN_IPADD ? address_text(text_of(string)) : "";
}

std::vector<std::string> hosts_of(const X509* certificate) {
  const std::unique_ptr<GENERAL_NAMES, TlsDelete<GENERAL_NAMES_free>> names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  std::vector<std::string> hosts;
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i)
    if (auto host = host_text(sk_GENERAL_NAME_value(names.get(), i)); !host.empty())
      hosts.push_back(std::move(host));
  return hosts;
}

}  // namespace

std::string name_text(const X509_NAME* name) {
  for (const int kind : {NID_commonName, NID_organizationName})
    if (auto text = entry_text(name, kind); !text.empty()) return text;
  char line[shown_bytes] = "";
  X509_NAME_oneline(name, line, sizeof line);
  return line;
}

std::string date_text(const ASN1_TIME* time) {
  std::tm parts{};
  char text[16] = "";
  if (ASN1_TIME_to_tm(time, &parts) != 1 || std::strftime(text, sizeof text, "%Y-%m-%d", &parts) == 0)
    return "";
  return text;
}

std::string hosts_text(const X509* certificate) {
  const auto hosts = hosts_of(certificate);
  std::string text;
  for (std::size_t i = 0; i < hosts.size() && i < shown_hosts; ++i) text += (i == 0 ? "" : ", ") + hosts[i];
  if (hosts.size() > shown_hosts) text += " and " + std::to_string(hosts.size() - shown_hosts) + " more";
  return text;
}

}  // namespace sigstore::net
