// 中文的空格：汉字与数字、西文之间空一格，汉字与汉字、标点之间不空。

export const spacedText = (text: string): string =>
  text
    .replace(/([\p{Script=Han}，。：；、（）「」]) +(?=[\p{Script=Han}，。：；、（）「」])/gu, '$1')
    .replace(/(\p{Script=Han})(?=[0-9A-Za-z−#])/gu, '$1 ')
    .replace(/([0-9A-Za-z])(?=\p{Script=Han})/gu, '$1 ')
    .replace(/ +(?=[，。：；、）])|(?<=[，。：；、（]) +/gu, '');
