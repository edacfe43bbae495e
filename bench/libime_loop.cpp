// The loop `cnchar pinyin2hanzi` is timed against: libime, the engine of fcitx5. A line of pinyin in, its best sentence out.
// Typed as a user types it (PinyinContext), which is a little more accurate than its bare decoder, and half as fast.
//
// apt-get install g++ libboost-dev libboost-iostreams-dev libimepinyin-dev libimecore-dev libfcitx5utils-dev libime-data
// g++ -O2 -std=c++17 -I/usr/include/LibIME -I/usr/include/Fcitx5/Utils libime_loop.cpp -lIMEPinyin -lIMECore -lFcitx5Utils -o libime_loop
#include <algorithm>
#include <iostream>
#include <libime/core/userlanguagemodel.h>
#include <libime/pinyin/pinyincontext.h>
#include <libime/pinyin/pinyindictionary.h>
#include <libime/pinyin/pinyinime.h>

int main() {
    auto words = std::make_unique<libime::PinyinDictionary>();
    words->load(libime::PinyinDictionary::SystemDict, "/usr/share/libime/sc.dict", libime::PinyinDictFormat::Binary);
    auto model = std::make_unique<libime::UserLanguageModel>("/usr/lib/x86_64-linux-gnu/libime/zh_CN.lm");
    libime::PinyinIME ime(std::move(words), std::move(model));
    ime.setNBest(1);
    ime.setFuzzyFlags(libime::PinyinFuzzyFlag::None);
    libime::PinyinContext context(&ime);
    context.setMaxSentenceLength(-1);
    std::ios::sync_with_stdio(false);
    for (std::string line; std::getline(std::cin, line);) {
        for (char &letter : line)
            if (letter == ' ') letter = '\'';
        const bool ascii = std::all_of(line.begin(), line.end(), [](unsigned char c) { return c < 128; });
        context.clear();
        if (ascii) context.type(line);
        std::cout << (ascii ? context.sentence() : line) << '\n';  // it throws at other characters
    }
}
