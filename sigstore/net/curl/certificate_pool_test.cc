#include "sigstore/net/curl/internal/certificate_pool.h"

#include <gtest/gtest.h>
#include <openssl/pem.h>

#include "sigstore/base/testing/fake_env.h"
#include "sigstore/net/curl/internal/ca_files.h"
#include "sigstore/net/curl/internal/certificate_text.h"
#include "sigstore/net/testing/certificates.h"

namespace sigstore::net {
namespace {

using testing::make_authority;

CertificatePtr parse(const std::string& pem) {
  const std::unique_ptr<BIO, TlsDelete<BIO_free>> input(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return CertificatePtr(PEM_read_bio_X509(input.get(), nullptr, nullptr, nullptr));
}

TEST(CertificatePool, FindsBySubject) {
  const auto first = make_authority("first"), second = make_authority("second"),
             again = make_authority("first");
  CertificatePool pool;
  EXPECT_TRUE(pool.empty());
  pool.add_pem(first.certificate + "some text\n" + second.key + second.certificate, "a");
  pool.add_pem(again.certificate, "b");
  EXPECT_EQ(pool.size(), 3U);
  const auto wanted = parse(first.certificate);
  const auto found = pool.find(X509_get_subject_name(wanted.get()));
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(X509_cmp(found[0], wanted.get()), 0);
  EXPECT_EQ(pool.find(X509_get_subject_name(wanted.get())), found) << "parsed once";
  EXPECT_TRUE(pool.find(X509_get_subject_name(parse(make_authority("third").certificate).get())).empty());
  EXPECT_EQ(pool.places(), (std::vector<std::string>{"a", "b"}));
}

TEST(CertificatePool, HoldsEachCertificateOnce) {
  const auto one = make_authority();
  CertificatePool pool;
  for (int i = 0; i < 3; ++i) pool.add_pem(one.certificate + one.certificate, "folder");
  EXPECT_EQ(pool.size(), 1U);
  EXPECT_EQ(pool.places(), std::vector<std::string>{"folder"});
}

// RFC 5280 section 7.1: an issuer may write the same name in another kind of string.
TEST(CertificatePool, FindsANameInAnotherEncoding) {
  CertificatePool pool;
  pool.add_pem(make_authority("Test CA").certificate, "a");  // a UTF8String
  const std::unique_ptr<X509_NAME, TlsDelete<X509_NAME_free>> name(X509_NAME_new());
  const auto* text = reinterpret_cast<const unsigned char*>("test  ca");
  ASSERT_EQ(X509_NAME_add_entry_by_txt(name.get(), "CN", V_ASN1_PRINTABLESTRING, text, -1, -1, 0), 1);
  EXPECT_EQ(pool.find(name.get()).size(), 1U);
}

TEST(CertificatePool, WhatIsNoCertificateIsLeftOut) {
  CertificatePool pool;
  for (const char* text :
       {"", "-----BEGIN CERTIFICATE-----\n", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n",
        "-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----\n"})
    pool.add_pem(text, "a");
  EXPECT_TRUE(pool.empty());
  EXPECT_TRUE(pool.places().empty());
}

// Every truncation of a certificate is refused or found harmless.
TEST(CertificatePool, SurvivesTruncatedCertificates) {
  const auto whole = parse(make_authority().certificate);
  unsigned char* der = nullptr;
  const int size = i2d_X509(whole.get(), &der);
  ASSERT_GT(size, 0);
  for (int cut = 0; cut < size; ++cut) {
    const std::unique_ptr<BIO, TlsDelete<BIO_free>> out(BIO_new(BIO_s_mem()));
    PEM_write_bio(out.get(), "CERTIFICATE", "", der, cut);
    char* text = nullptr;
    const long length = BIO_get_mem_data(out.get(), &text);
    CertificatePool pool;
    pool.add_pem({text, static_cast<std::size_t>(length)}, "a");
    EXPECT_TRUE(pool.find(X509_get_subject_name(whole.get())).empty()) << cut;
  }
  OPENSSL_free(der);
}

TEST(CertificateText, NamesAndDates) {
  const auto made = parse(
      testing::make_certificate({.name = "Größe", .hosts = {"a.example", "10.0.0.1", "::1"}}).certificate);
  EXPECT_EQ(name_text(X509_get_subject_name(made.get())), "Größe");
  EXPECT_EQ(hosts_text(made.get()), "a.example, 10.0.0.1, ::1");
  const std::unique_ptr<ASN1_TIME, TlsDelete<ASN1_TIME_free>> time(ASN1_TIME_new());
  ASSERT_EQ(ASN1_TIME_set_string_X509(time.get(), "20260501000000Z"), 1);
  EXPECT_EQ(date_text(time.get()), "2026-05-01");
  const auto nameless = parse(testing::make_certificate({.hosts = {}}).certificate);
  EXPECT_EQ(hosts_text(nameless.get()), "");
}

}  // namespace
}  // namespace sigstore::net
